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
  const size = { width: width * scale, height: height * scale };
  const frames = await Promise.all(
    Array.from({ length: steps }, (_, k) =>
      rgbOf(
        sharp(pixelsOf(samples.subarray(k * each, (k + 1) * each)), {
          raw: { width, height, channels: channels as 1 | 3 | 4 },
        }).resize(size.width, size.height, { kernel: 'nearest' }),
      ),
    ),
  );
  return encodeLoop(frames, size);
}

/** Square plots of one size, as PNG, as an animated GIF there and back again. */
export async function renderPlotLoop(plots: readonly Uint8Array[]): Promise<Buffer> {
  const side = 480;
  const frames = await Promise.all(plots.map((png) => rgbOf(sharp(png).resize(side, side))));
  return encodeLoop(frames, { width: side, height: side });
}

const rgbOf = (image: sharp.Sharp): Promise<Buffer> => image.toColourspace('srgb').removeAlpha().raw().toBuffer();

/** Frames of RGB pixels, from the first to the last and back. */
function encodeLoop(frames: readonly Buffer[], { width, height }: { width: number; height: number }): Promise<Buffer> {
  const all = [...frames, ...frames.slice(1, -1).reverse()];
  const raw = { width, height: height * all.length, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat(all), { raw })
    .gif({ delay: all.map(() => 80), loop: 0 })
    .toBuffer();
}
