// The lines of a text file: plain or gzipped, in UTF-8 or UTF-16, with any line ends.
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openOrdinaryAsync, streamOrdinary } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { formatBytes } from '../../shared/text';
import * as errors from '../errors';

export interface TextLine {
  readonly text: string;
  /** Numbered from 1. */
  readonly line: number;
}

/**
 * Longer lines are cut to one character more, so that a file without line ends does not fill the memory: enough for the
 * most columns that a table may have, as numpy.savetxt writes numbers.
 */
export const maxLine = 1 << 21;
/** The largest text in bytes, uncompressed. */
const maxBytes = 2 ** 31;

/** Throws DataError. */
export async function* textLines(file: string, signal?: AbortSignal): AsyncIterable<TextLine> {
  let rest = '';
  let line = 0;
  let first = true;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let bytes = 0;
  const split = (text: string): TextLine[] => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = (lines.pop() ?? '').slice(0, maxLine + 1);
    return lines.map((one) => ({ text: one.slice(0, maxLine + 1), line: ++line }));
  };
  try {
    for await (const chunk of await byteChunks(file, signal)) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw errors.badFile(
          file,
          `it has more than ${formatBytes(maxBytes)} of text`,
          'Save it as a NumPy array (.npy).',
        );
      decoder ??= new TextDecoder(encodingOf(file, chunk));
      const text = decoder.decode(chunk, { stream: true });
      yield* split(first ? text.replace(/^\ufeff/, '') : text);
      first = false;
    }
    yield* split(decoder?.decode() ?? '');
  } catch (error) {
    signal?.throwIfAborted();
    if (errors.isDataError(error)) throw error;
    throw errors.badFile(
      file,
      `it is damaged or unreadable (${(error as Error).message})`,
      'Download or save it again.',
    );
  }
  if (rest !== '') yield { text: rest.replace(/\r$/, ''), line: line + 1 };
}

async function byteChunks(file: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  const gzipped = (await readAtAsync(handle, 2, 0)).equals(Buffer.from([0x1f, 0x8b]));
  await handle.close();
  const raw: Readable = streamOrdinary(file, { signal }, 'follow');
  if (!gzipped) return raw as AsyncIterable<Buffer>;
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error));
  return raw.pipe(unpacked) as AsyncIterable<Buffer>;
}

/**
 * By the byte order mark, or by zeros in one of two bytes, as UTF-16 has in digits; else UTF-8 if it is valid. Throws
 * DataError.
 */
function encodingOf(file: string, start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  const marks32 = start.length >= 4 ? [start.readUInt32LE(0), start.readUInt32BE(0)] : [];
  if (marks32.includes(0xfeff)) throw errors.badFile(file, 'it is text in UTF-32', 'Save it as UTF-8.');
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  const zeros = [0, 0];
  const length = Math.min(start.length, 200) & ~1;
  for (let i = 0; i < length; i++) if (start[i] === 0) zeros[i & 1]++;
  // Names of columns may be in a script without zeros.
  if (length >= 4 && zeros[0] === 0 && zeros[1] >= length / 4) return 'utf-16le';
  if (length >= 4 && zeros[1] === 0 && zeros[0] >= length / 4) return 'utf-16be';
  return isUtf8Start(start) ? 'utf-8' : 'windows-1252';
}

/** The last character may be cut off. */
function isUtf8Start(start: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}
