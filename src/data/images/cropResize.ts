// Brings images of any size to the one that training sees.
import sharp from 'sharp';
import { boxResize, type Raster } from './boxResize';

/** How an image of any size becomes a square one. */
export interface ResizeOptions {
  /** Side in pixels. */
  readonly size: number;
  /** 1 grey, 3 colour, 4 colour and opacity. */
  readonly channels: 1 | 3 | 4;
  /** 'crop' cuts the middle square out; 'contain' adds black bars, transparent ones with four channels. */
  readonly fit: 'crop' | 'contain';
  /** 'lanczos' is libvips' Lanczos of three lobes, antialiased; 'box' averages the area under each pixel. */
  readonly resize: 'lanczos' | 'box';
}

sharp.cache(false); // Each file is read once, and a cache would keep files open on Windows.
sharp.concurrency(1); // The workers take a file each; more threads inside one file only get in each other's way.

/**
 * An image as bytes [size, size, channels], in sRGB. With one or three channels what is transparent lies on black.
 */
export async function resizeImage(
  image: sharp.Sharp,
  { size, channels, fit, resize }: ResizeOptions,
): Promise<Uint8Array> {
  let framed = channels === 4 ? image.ensureAlpha() : image.flatten({ background: 'black' });
  framed = framed.toColourspace(channels === 1 ? 'b-w' : 'srgb');
  if (resize === 'lanczos') {
    const background = { r: 0, g: 0, b: 0, alpha: channels === 4 ? 0 : 1 };
    framed = framed.resize(size, size, { fit: fit === 'crop' ? 'cover' : 'contain', kernel: 'lanczos3', background });
  }
  const { data, info } = await framed.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`decoded to ${info.channels} channels instead of ${channels}`);
  return resize === 'lanczos'
    ? data
    : resizeRaster({ bytes: data, width: info.width, height: info.height, channels }, size, fit);
}

/** Brings a raster to size x size by averages of areas. */
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
