// Crops or pads images to a square and resizes them.
import sharp from 'sharp';
import { boxResize, type Raster } from './boxResize';

/** How an image of any size becomes a square one. */
export interface ResizeOptions {
  /** Side of the square in pixels. */
  readonly size: number;
  /** 1: gray, 3: color, 4: color and opacity. */
  readonly channels: 1 | 3 | 4;
  /** 'crop' keeps the central square; 'contain' adds black bars, or transparent ones with four channels. */
  readonly fit: 'crop' | 'contain';
  /** 'lanczos' is the antialiased Lanczos-3 filter of libvips; 'box' is the mean of the area that a pixel covers. */
  readonly resize: 'lanczos' | 'box';
}

sharp.cache(false); // Each file is read once, and the cache would keep files open on Windows.
sharp.concurrency(1); // Each worker thread decodes one file; more threads per file would only compete.

/** An image as bytes [size, size, channels], in sRGB. With one or three channels it is composited on black. */
export async function resizeImage(
  image: sharp.Sharp,
  { size, channels, fit, resize }: ResizeOptions,
): Promise<Uint8Array> {
  let converted = channels === 4 ? image.ensureAlpha() : image.flatten({ background: 'black' });
  converted = converted.toColourspace(channels === 1 ? 'b-w' : 'srgb');
  if (resize === 'lanczos') {
    const background = { r: 0, g: 0, b: 0, alpha: channels === 4 ? 0 : 1 };
    converted = converted.resize(size, size, {
      fit: fit === 'crop' ? 'cover' : 'contain',
      kernel: 'lanczos3',
      background,
    });
  }
  const { data, info } = await converted.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`decoded to ${info.channels} channels instead of ${channels}`);
  return resize === 'lanczos'
    ? data
    : resizeRaster({ bytes: data, width: info.width, height: info.height, channels }, size, fit);
}

/** Resizes a raster to size x size with the box filter. */
export function resizeRaster(image: Raster, size: number, fit: ResizeOptions['fit']): Uint8Array {
  const { width, height } = image;
  if (fit === 'crop') {
    const side = Math.min(width, height);
    const square = { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
    return boxResize(image, square, { left: 0, top: 0, width: size, height: size }, size);
  }
  const scale = size / Math.max(width, height);
  const inner = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const left = Math.floor((size - inner.width) / 2);
  const top = Math.floor((size - inner.height) / 2);
  return boxResize(image, { left: 0, top: 0, width, height }, { left, top, ...inner }, size);
}
