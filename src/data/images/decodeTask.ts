// Decodes image files, or images inside a larger file, into slots of a buffer; runs in worker threads.
import path from 'node:path';
import sharp from 'sharp';
import { openOrdinaryAsync, readOrdinaryAsync } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { outputMark } from '../../shared/outputMark';
import { kindOfBytes } from '../formats/fileKind';
import { resizeImage, type ResizeOptions } from './cropResize';
import { decodeBmp } from './decodeBmp';

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
  /** Row-major [images, height, width, channels]. */
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
  /** Whether this program wrote the image, so that it is no sample; never an error. */
  readonly isOwn?: boolean;
}

export interface DecodeReport {
  readonly failures: readonly ReadFailure[];
  /** Number of images with an opacity that was not kept. */
  readonly transparent: number;
  /** Number of images with several frames or pages, of which the first was read. */
  readonly animated: number;
}

/** The largest number of pixels in an image; larger images are rejected before they are decoded. */
const maxPixels = 100_000_000;
/** The largest encoded image in bytes. */
const maxBytes = 256 << 20;

/** Decodes the images one after another. */
export async function decodeBatch(request: DecodeRequest): Promise<DecodeReport> {
  const { folder, images, first, out, height, width, channels } = request;
  const length = height * width * channels;
  let [transparent, animated] = [0, 0];
  const failures: ReadFailure[] = [];
  for (const [i, image] of images.entries()) {
    try {
      const encoded = await readEncoded(folder, image);
      if (isOwnOutput(encoded)) {
        failures.push({
          slot: first + i,
          file: image.name ?? image.file,
          reason: 'written by Earthmover',
          isOwn: true,
        });
        continue;
      }
      const { bytes, hadOpacity, hasFrames } = await decodeImage(encoded, request);
      if (hadOpacity) transparent++;
      if (hasFrames) animated++;
      if (bytes.length !== length) throw new Error(`${bytes.length} bytes instead of ${length}`);
      new Uint8Array(out, i * length, length).set(bytes);
    } catch (error) {
      new Uint8Array(out, i * length, length).fill(0);
      failures.push({ slot: first + i, file: image.name ?? image.file, reason: reasonOf(error as Error) });
    }
  }
  return { failures, transparent, animated };
}

const readEncoded = (folder: string, { file, range }: EncodedImage): Promise<Buffer> =>
  range
    ? readRange(path.join(folder, file), range.at, range.length)
    : readOrdinaryAsync(path.join(folder, file), maxBytes, 'follow');

/** PNG files have the mark near their start, GIF files at their end. */
const isOwnOutput = (encoded: Buffer): boolean =>
  encoded.subarray(0, 2048).includes(outputMark) || encoded.subarray(-64).includes(outputMark);

/** Applies the EXIF orientation; an animation gives its first frame. */
async function decodeImage(encoded: Buffer, options: ResizeOptions) {
  const kind = kindOfBytes(encoded.subarray(0, 4096));
  if (kind?.id === 'empty') throw new Error('it is empty');
  const limits = { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true } as const;
  try {
    const image = kind?.id === 'bmp' ? rasterImage(encoded) : sharp(encoded, limits).autoOrient();
    const { hasAlpha, pages = 1, depth } = await image.metadata();
    if (!knownDepths.includes(depth)) throw new Error(unknownWhite(depth));
    const hadOpacity = options.channels !== 4 && hasAlpha;
    return { bytes: await resizeImage(image, options), hadOpacity, hasFrames: pages > 1 };
  } catch (error) {
    const isUnknown = /unsupported image format|bad seek|compression format/i.test((error as Error).message);
    throw isUnknown && kind ? new Error(`it is ${kind.title}, which cannot be decoded`) : error;
  }
}

/** Types of values of which the greatest is white. */
const knownDepths: readonly string[] = ['uchar', 'ushort'];

const unknownWhite = (depth: string) =>
  `its pixels are ${{ float: 'floating-point', double: 'floating-point', complex: 'complex' }[depth] ?? 'signed or 32-bit'} numbers, ` +
  'of which it is not known which are black and white; save it with 8 or 16 bits per value, or all images as one array for "data.source": "npy"';

function rasterImage(encoded: Buffer): sharp.Sharp {
  const { bytes, width, height, channels } = decodeBmp(encoded);
  return sharp(bytes, { raw: { width, height, channels: channels as 3 | 4 } });
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
