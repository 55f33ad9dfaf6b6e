// Renders images in a grid, with a thin gap between them and small images enlarged without smoothing.
import sharp from 'sharp';
import { outputMark } from '../../shared/outputMark';
import type { PngImage } from './pngImage';

/**
 * Renders the first rows x columns of `images`, [n, height, width, channels] in [-1, 1] with 1, 3 or 4 channels, row by
 * row. A pixel becomes `scale` x `scale` pixels; by default the grid is about 640 pixels wide. Values outside [-1, 1]
 * are clamped, pixels with NaN are magenta, and cells without an image have the color of the gap.
 */
export async function renderSampleGrid(
  images: Float32Array,
  shape: readonly number[],
  rows: number,
  columns: number,
  scale = Math.max(1, Math.floor(640 / (Math.max(rows, columns) * Math.max(shape[0], shape[1])))),
): Promise<PngImage> {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || ![1, 3, 4].includes(channels) || images.length % (height * width * channels) !== 0) {
    throw new Error(`assertion failed: ${images.length} values are not images of [${shape.join(', ')}]`);
  }
  const count = Math.min(rows * columns, images.length / (height * width * channels));
  const gap = Math.max(1, Math.round(scale / 3));
  const [cellWidth, cellHeight] = [width * scale + gap, height * scale + gap];
  const [fullWidth, fullHeight] = [columns * cellWidth + gap, rows * cellHeight + gap];
  const out = channels === 4 ? 4 : 3;
  const pixels = Buffer.alloc(fullWidth * fullHeight * out, channels === 4 ? 0 : gapGray);
  for (let i = 0; i < count; i++) {
    const left = gap + (i % columns) * cellWidth;
    const top = gap + Math.floor(i / columns) * cellHeight;
    for (let y = 0; y < height; y++) {
      const line = ((top + y * scale) * fullWidth + left) * out;
      for (let x = 0; x < width; x++) {
        const from = ((i * height + y) * width + x) * channels;
        for (let k = 0; k < scale; k++) writePixel(pixels, line + (x * scale + k) * out, images, from, channels);
      }
      for (let k = 1; k < scale; k++) pixels.copy(pixels, line + k * fullWidth * out, line, line + width * scale * out);
    }
  }
  const png = await sharp(pixels, { raw: { width: fullWidth, height: fullHeight, channels: out } })
    .withExif({ IFD0: { Software: outputMark } })
    .png()
    .toBuffer();
  return { width: fullWidth, height: fullHeight, png };
}

const gapGray = 0x3a;

function writePixel(pixels: Buffer, at: number, images: Float32Array, from: number, channels: number): void {
  const out = channels === 4 ? 4 : 3;
  let sum = 0;
  for (let c = 0; c < out; c++) {
    const value = images[from + (channels === 1 ? 0 : c)]; // [-1, 1]
    sum += value;
    pixels[at + c] = Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
  }
  if (Number.isNaN(sum)) pixels.set(out === 4 ? [255, 0, 255, 255] : [255, 0, 255], at);
}
