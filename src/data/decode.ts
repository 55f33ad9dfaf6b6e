// Decodes image files into slots of one shared cache of bytes; runs in worker threads.
import path from 'node:path';
import sharp from 'sharp';
import { averageAreas, type Raster } from './area';

/** How an image of any size becomes a square one. */
export interface Framing {
  /** Side in pixels. */
  readonly size: number;
  /** 1 grey, 3 colour, 4 colour and opacity. */
  readonly channels: 1 | 3 | 4;
  /** 'crop' cuts the middle square out; 'contain' adds black bars, transparent ones with four channels. */
  readonly fit: 'crop' | 'contain';
  /** 'lanczos' is libvips' Lanczos of three lobes, antialiased; 'box' averages the area under each pixel. */
  readonly resize: 'lanczos' | 'box';
}

/** Files to decode, relative to `folder`; file i goes to slot `first` + i of the cache. */
export interface DecodeRequest extends Framing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly first: number;
  /** Row-major [slots, size, size, channels]. */
  readonly cache: SharedArrayBuffer;
}

/** A file that could not be decoded, with the reason. */
export interface Failure {
  readonly slot: number;
  readonly file: string;
  readonly reason: string;
}

/** Most pixels of a file; larger ones are refused before they are decoded. */
export const mostPixels = 100_000_000;

/** Decodes all files one after another and returns the failures. */
export async function decode(request: DecodeRequest): Promise<readonly Failure[]> {
  const { folder, files, first, cache, size, channels } = request;
  const length = size * size * channels;
  const failures: Failure[] = [];
  for (const [i, file] of files.entries()) {
    try {
      const bytes = await decodeFile(path.join(folder, file), request);
      if (bytes.length !== length) throw new Error(`${bytes.length} bytes instead of ${length}`);
      new Uint8Array(cache, (first + i) * length, length).set(bytes);
    } catch (error) {
      failures.push({ slot: first + i, file, reason: reasonOf(error as Error) });
    }
  }
  return failures;
}

sharp.cache(false); // Each file is read once, and a cache would keep files open on Windows.
sharp.concurrency(1); // The workers take a file each; more threads inside one file only get in each other's way.

/**
 * One file as bytes [size, size, channels]: upright by its EXIF orientation, in sRGB; of an animation the first frame.
 * With one or three channels what is transparent lies on black.
 */
async function decodeFile(file: string, { size, channels, fit, resize }: Framing): Promise<Uint8Array> {
  let image = sharp(file, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true }).autoOrient();
  image = channels === 4 ? image.ensureAlpha() : image.flatten({ background: 'black' });
  image = image.toColourspace(channels === 1 ? 'b-w' : 'srgb');
  if (resize === 'lanczos') {
    const background = { r: 0, g: 0, b: 0, alpha: channels === 4 ? 0 : 1 };
    image = image.resize(size, size, { fit: fit === 'crop' ? 'cover' : 'contain', kernel: 'lanczos3', background });
  }
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`decoded to ${info.channels} channels instead of ${channels}`);
  return resize === 'lanczos'
    ? data
    : frame({ bytes: data, width: info.width, height: info.height, channels }, size, fit);
}

/** Brings a raster to size x size by averages of areas. */
function frame(image: Raster, size: number, fit: Framing['fit']): Uint8Array {
  const { width, height } = image;
  if (fit === 'crop') {
    const side = Math.min(width, height);
    const square = { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
    return averageAreas(image, square, { left: 0, top: 0, width: size, height: size }, size);
  }
  const scale = size / Math.max(width, height);
  const inner = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const left = Math.floor((size - inner.width) / 2);
  const top = Math.floor((size - inner.height) / 2);
  return averageAreas(image, { left: 0, top: 0, width, height }, { left, top, ...inner }, size);
}

/** The first line of an error, without its full stop. */
const reasonOf = (error: Error) => error.message.split('\n')[0].trim().replace(/\.$/, '');
