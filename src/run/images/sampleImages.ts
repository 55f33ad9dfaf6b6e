// Single samples as images, and a sequence of them as an animation.
import sharp from 'sharp';
import { outputMark } from '../../shared/outputMark';
import { sizeOfShape } from '../../shared/shape';

/** Whole pixels per pixel, so that a sample has about `side` of them. */
export const scaleOf = ([height, width]: readonly number[], side: number): number =>
  Math.max(1, Math.floor(side / Math.max(height, width)));

/** Pixels in [0, 255]; values outside of [−1, 1] are clamped, and values that are not finite are black. */
const pixelsOf = (image: Float32Array): Buffer =>
  Buffer.from(image.map((value) => Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)) || 0)));

/** One sample at its own size, as PNG. `image` is [height, width, channels] in [−1, 1]. */
export async function renderSample(image: Float32Array, shape: readonly number[]): Promise<Buffer> {
  const [height, width, channels] = shape;
  return sharp(pixelsOf(image), { raw: { width, height, channels: channels as 1 | 3 | 4 } })
    .withExif({ IFD0: { Software: outputMark } })
    .png()
    .toBuffer();
}

/** Samples [steps, height, width, channels] as an animated GIF, there and back again, so that the loop has no jump. */
export async function renderLoop(samples: Float32Array, shape: readonly number[], steps: number): Promise<Buffer> {
  const each = sizeOfShape(shape);
  const scale = scaleOf(shape, 256);
  const [height, width, channels] = shape;
  const order = [...Array(steps).keys(), ...Array.from({ length: Math.max(0, steps - 2) }, (_, k) => steps - 2 - k)];
  const frames = await Promise.all(
    order.map((k) =>
      sharp(pixelsOf(samples.subarray(k * each, (k + 1) * each)), {
        raw: { width, height, channels: channels as 1 | 3 | 4 },
      })
        .resize(width * scale, height * scale, { kernel: 'nearest' })
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer(),
    ),
  );
  const pageHeight = height * scale;
  const raw = { width: width * scale, height: pageHeight * frames.length, channels: 3, pageHeight } as const;
  return sharp(Buffer.concat(frames), { raw })
    .gif({ delay: order.map(() => 80), loop: 0 })
    .toBuffer();
}
