// Images held as bytes in memory, given out as batches of numbers in [-1, 1].
import { fillIntegers, substream } from '../math/random';
import { epochs, split } from './epochs';
import type { DataSource } from './source';

/** Images in memory. */
export interface Pixels {
  /** Row-major [slots, height, width, channels]; 0 is -1, 255 is 1. */
  readonly bytes: Uint8Array;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** The slots that hold an image, where not all do. */
  readonly slots: Uint32Array;
  /** Mirrors left to right with probability one half, by the key. */
  readonly flip: boolean;
  /** Share held out. */
  readonly validation: number;
  readonly seed: number;
  readonly notes: readonly string[];
}

/** The value of each byte: b / 127.5 − 1. */
const values = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);

/** The data source of images in memory. */
export function openPixels({ bytes, shape, slots, flip, validation: share, seed, notes }: Pixels): DataSource {
  const parts = split(slots.length, share, seed);
  const slotsOf = (samples: Uint32Array) => samples.map((sample) => slots[sample]);
  const filler = (samples: Uint32Array): DataSource['batch'] => {
    const indices = epochs(samples);
    const copy = copier(bytes, shape);
    let mirrored = new Uint32Array(0);
    return (key, out) => {
      const batch = indices(key, out.length / (shape[0] * shape[1] * shape[2]));
      if (mirrored.length !== batch.length) mirrored = new Uint32Array(batch.length);
      if (flip) fillIntegers(mirrored, 2, substream(key, 'flip'));
      for (let i = 0; i < batch.length; i++) copy(batch[i], out, i, mirrored[i] === 1);
    };
  };
  return {
    shape,
    size: parts.training.length,
    validationSize: parts.validation.length,
    notes,
    batch: filler(slotsOf(parts.training)),
    validationBatch: filler(slotsOf(parts.validation)),
  };
}

/** Copies the image of one slot to one row of a batch. */
function copier(bytes: Uint8Array, [height, width, channels]: Pixels['shape']) {
  const line = width * channels;
  const size = height * line;
  return (slot: number, out: Float32Array, row: number, mirrored: boolean): void => {
    const from = slot * size;
    const to = row * size;
    if (!mirrored) {
      for (let k = 0; k < size; k++) out[to + k] = values[bytes[from + k]];
      return;
    }
    for (let y = 0; y < size; y += line) {
      for (let x = 0; x < width; x++) {
        const source = from + y + (width - 1 - x) * channels;
        const target = to + y + x * channels;
        for (let c = 0; c < channels; c++) out[target + c] = values[bytes[source + c]];
      }
    }
  };
}
