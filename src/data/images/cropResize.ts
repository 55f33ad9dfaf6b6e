// Crops or pads images to a shape and resizes them.
import sharp from 'sharp';
import { boxResize, type Raster } from './boxResize';

/** How an image of any size gets the size of the training images. */
export interface ResizeOptions {
  /** In pixels. */
  readonly height: number;
  readonly width: number;
  /** 1: gray, 3: color, 4: color and opacity. */
  readonly channels: 1 | 3 | 4;
  /** 'crop' keeps the center; 'contain' adds bars in the background color, transparent ones with four channels. */
  readonly fit: 'crop' | 'contain';
  /** 'lanczos' is the antialiased Lanczos-3 filter of libvips; 'box' is the mean of the area that a pixel covers. */
  readonly resize: 'lanczos' | 'box';
  /** The color behind transparent pixels, with one or three channels. */
  readonly background: Background;
}

export type Background = 'black' | 'gray' | 'white';

const levels: { readonly [B in Background]: number } = { black: 0, gray: 128, white: 255 };

sharp.cache(false); // Each file is read once, and the cache would keep files open on Windows.
sharp.concurrency(1); // Each worker thread decodes one file; more threads per file would only compete.

/** An image as bytes [height, width, channels], in sRGB. With one or three channels it is composited on a color. */
export async function resizeImage(image: sharp.Sharp, options: ResizeOptions): Promise<Uint8Array> {
  const { height, width, channels, fit, resize } = options;
  const level = levels[options.background];
  const color = { r: level, g: level, b: level };
  let converted = channels === 4 ? image.ensureAlpha() : image.flatten({ background: color });
  converted = converted.toColourspace(channels === 1 ? 'b-w' : 'srgb');
  if (resize === 'lanczos') {
    const background = channels === 4 ? { r: 0, g: 0, b: 0, alpha: 0 } : { ...color, alpha: 1 };
    converted = converted.resize(width, height, {
      fit: fit === 'crop' ? 'cover' : 'contain',
      kernel: 'lanczos3',
      background,
    });
  }
  const { data, info } = await converted.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`decoded to ${info.channels} channels instead of ${channels}`);
  return resize === 'lanczos'
    ? data
    : resizeRaster({ bytes: data, width: info.width, height: info.height, channels }, options);
}

/** Resizes a raster to height x width with the box filter. */
export function resizeRaster(
  image: Raster,
  to: Pick<ResizeOptions, 'height' | 'width' | 'fit' | 'background'>,
): Uint8Array {
  const { width, height } = image;
  const whole = { left: 0, top: 0, width: to.width, height: to.height };
  if (to.fit === 'crop') {
    const scale = Math.max(to.width / width, to.height / height);
    const [w, h] = [to.width / scale, to.height / scale];
    return boxResize(
      image,
      { left: Math.max(0, (width - w) / 2), top: Math.max(0, (height - h) / 2), width: w, height: h },
      whole,
      to,
    );
  }
  const scale = Math.min(to.width / width, to.height / height);
  const inner = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const left = Math.floor((to.width - inner.width) / 2);
  const top = Math.floor((to.height - inner.height) / 2);
  const fill = image.channels === 4 ? 0 : levels[to.background];
  return boxResize(image, { left: 0, top: 0, width, height }, { left, top, ...inner }, { ...to, fill });
}
