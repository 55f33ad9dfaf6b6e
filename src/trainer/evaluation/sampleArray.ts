// Many samples in memory that threads share; images as bytes, as image files would hold them.
import { sizeOfShape } from '../../shared/shape';

export interface SampleArray {
  readonly count: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Row-major [count, ...shape]; of images the bytes 0 to 255. */
  readonly stored: Uint8ClampedArray | Float32Array;
  /** Samples `from` to `to`, [to − from, ...shape]; images in [−1, 1]. */
  read(from: number, to: number): Float32Array;
}

/** The bytes of so many samples. */
export const sampleBytes = (count: number, shape: readonly number[]): number =>
  count * sizeOfShape(shape) * (shape.length === 3 ? 1 : Float32Array.BYTES_PER_ELEMENT);

/**
 * Collects `count` samples from batches of `batch`. Values of images are rounded to the 256 levels of their bytes, so
 * that generated and real ones have the same. `fill` gets the number of the batch; `onNotFinite` must throw.
 */
export async function collectSamples(
  count: number,
  shape: readonly number[],
  batch: number,
  fill: (k: number, out: Float32Array) => Promise<void> | void,
  onNotFinite: () => never,
): Promise<SampleArray> {
  const size = sizeOfShape(shape);
  const buffer = new SharedArrayBuffer(sampleBytes(count, shape));
  const isImages = shape.length === 3;
  const stored = isImages ? new Uint8ClampedArray(buffer) : new Float32Array(buffer);
  const out = new Float32Array(batch * size);
  for (let k = 0; k * batch < count; k++) {
    await fill(k, out);
    const values = out.subarray(0, Math.min(batch, count - k * batch) * size);
    if (!values.every(Number.isFinite)) onNotFinite();
    const at = k * batch * size;
    if (isImages) for (let i = 0; i < values.length; i++) stored[at + i] = (values[i] + 1) * 127.5;
    else stored.set(values, at);
  }
  return sampleArrayOf(stored, count, shape);
}

export function sampleArrayOf(stored: SampleArray['stored'], count: number, shape: readonly number[]): SampleArray {
  const size = sizeOfShape(shape);
  return {
    count,
    shape,
    stored,
    read: (from, to) => {
      const part = stored.subarray(from * size, to * size);
      return part instanceof Float32Array
        ? Float32Array.from(part)
        : Float32Array.from(part, (byte) => byte / 127.5 - 1);
    },
  };
}
