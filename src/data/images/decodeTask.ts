// Decodes image files, or pieces of a file that are such, into slots of a buffer of bytes; runs in worker threads.
import { open } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { resizeImage, type ResizeOptions } from './cropResize';

/** An encoded image: a file, or `length` bytes of it from `at` on. */
export interface EncodedImage {
  /** Relative to the folder of the request. */
  readonly file: string;
  readonly range?: { readonly at: number; readonly length: number };
  /** What errors call it, where that is not the file. */
  readonly name?: string;
}

/** Images to decode; image i goes to slot i of the buffer, and is slot `first` + i of the data set. */
export interface DecodeRequest extends ResizeOptions {
  readonly folder: string;
  readonly images: readonly EncodedImage[];
  readonly first: number;
  /** Row-major [images, size, size, channels]. */
  readonly out: SharedArrayBuffer;
}

/** Samples that could not be read, with the reason. */
export interface ReadFailure {
  /** The first of them. */
  readonly slot: number;
  /** How many there are; 1 where nothing is said. */
  readonly count?: number;
  /** What it is: a file relative to its folder, a key, "sample 17". */
  readonly file: string;
  readonly reason: string;
}

/** Most pixels of a file; larger ones are refused before they are decoded. */
const mostPixels = 100_000_000;
/** Most bytes of an encoded image inside a database. */
const mostBytes = 256 << 20;

/** Decodes all images one after another and returns the failures. */
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

/** Upright by its EXIF orientation; of an animation the first frame. */
async function decodeImage(folder: string, { file, range }: EncodedImage, framing: ResizeOptions): Promise<Uint8Array> {
  const place = path.join(folder, file);
  const input = range ? await readPiece(place, range.at, range.length) : place;
  const image = sharp(input, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true });
  return resizeImage(image.autoOrient(), framing);
}

async function readPiece(file: string, at: number, length: number): Promise<Buffer> {
  if (length > mostBytes) throw new Error(`it has ${length} bytes, more than any image`);
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, at);
    if (bytesRead < length) throw new Error('the file ends inside of it');
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The first line of an error, without its full stop. */
const reasonOf = (error: Error) => error.message.split('\n')[0].trim().replace(/\.$/, '');
