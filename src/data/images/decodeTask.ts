// Decodes image files, or images inside a larger file, into slots of a buffer; runs in worker threads.
import path from 'node:path';
import sharp from 'sharp';
import { openOrdinaryAsync } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { resizeImage, type ResizeOptions } from './cropResize';

/** An encoded image: a file, or a range of bytes in a file. */
export interface EncodedImage {
  /** Relative to the folder of the request. */
  readonly file: string;
  readonly range?: { readonly at: number; readonly length: number };
  /** Name in errors; the file if absent. */
  readonly name?: string;
}

/** Image i is decoded into slot i of the buffer, and is slot `first` + i of the data set. */
export interface DecodeRequest extends ResizeOptions {
  readonly folder: string;
  readonly images: readonly EncodedImage[];
  readonly first: number;
  /** Row-major [images, size, size, channels]. */
  readonly out: SharedArrayBuffer;
}

/** One or more consecutive samples that could not be read. */
export interface ReadFailure {
  /** The first sample. */
  readonly slot: number;
  /** Number of samples; 1 if absent. */
  readonly count?: number;
  /** Name of the sample: a file relative to its folder, a key, "image 17". */
  readonly file: string;
  readonly reason: string;
}

/** The largest number of pixels in an image; larger images are rejected before they are decoded. */
const maxPixels = 100_000_000;
/** The largest encoded image in a database, in bytes. */
const maxBytes = 256 << 20;

/** Decodes the images one after another and returns the failures. */
export async function decodeBatch(request: DecodeRequest): Promise<readonly ReadFailure[]> {
  const { folder, images, first, out, size, channels } = request;
  const length = size * size * channels;
  const failures: ReadFailure[] = [];
  for (const [i, image] of images.entries()) {
    try {
      const bytes = await decodeImage(folder, image, request);
      if (bytes.length !== length) throw new Error(`${bytes.length} bytes instead of ${length}`);
      new Uint8Array(out, i * length, length).set(bytes);
    } catch (error) {
      new Uint8Array(out, i * length, length).fill(0);
      failures.push({ slot: first + i, file: image.name ?? image.file, reason: reasonOf(error as Error) });
    }
  }
  return failures;
}

/** Applies the EXIF orientation; an animation gives its first frame. */
async function decodeImage(folder: string, { file, range }: EncodedImage, options: ResizeOptions): Promise<Uint8Array> {
  const absolute = path.join(folder, file);
  const input = range ? await readRange(absolute, range.at, range.length) : absolute;
  const image = sharp(input, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true });
  return resizeImage(image.autoOrient(), options);
}

async function readRange(file: string, at: number, length: number): Promise<Buffer> {
  if (length > maxBytes) throw new Error(`it has ${length} bytes, more than any image has`);
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  try {
    const bytes = await readAtAsync(handle, length, at);
    if (bytes.length < length) throw new Error('the file ends inside it');
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The first line of an error message, without its full stop. */
const reasonOf = (error: Error) => error.message.split('\n')[0].trim().replace(/\.$/, '');
