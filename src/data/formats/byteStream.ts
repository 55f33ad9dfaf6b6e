// A file as a stream of bytes, read in pieces of exact length; gzip and raw deflate are decompressed.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { openOrdinaryAsync, streamOrdinary } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { plural } from '../../shared/text';

export interface ByteStream {
  /** The next `n` bytes, fewer only at the end of the stream. Valid until the next call. */
  read(n: number): Promise<Uint8Array>;
  /** Closes the file. */
  close(): void;
}

export interface ByteStreamOptions {
  /** First byte, and the byte after the last. */
  readonly from?: number;
  readonly to?: number;
  readonly compression?: 'gzip' | 'deflate';
  readonly signal?: AbortSignal;
}

/**
 * Deflate expands a byte to at most about 1032 bytes, which bounds the size of the content whatever a header claims.
 */
export const maxInflation = 1032;

/** Facts about a file that are known without reading it. */
export interface FileInfo {
  readonly size: number;
  readonly mtimeMs: number;
  /** Whether its first two bytes are those of gzip. */
  readonly gzipped: boolean;
  /** Upper bound of the uncompressed size. */
  readonly maxBytes: number;
}

/** Undefined if there is no such file. Throws if it cannot be read. */
export async function fileInfo(file: string): Promise<FileInfo | undefined> {
  const entry = await stat(file).catch(() => undefined);
  if (!entry?.isFile()) return undefined;
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  try {
    const gzipped = (await readAtAsync(handle, 2, 0)).equals(Buffer.from([0x1f, 0x8b]));
    const { size, mtimeMs } = entry;
    return { size, mtimeMs, gzipped, maxBytes: gzipped ? size * maxInflation : size };
  } finally {
    await handle.close();
  }
}

/**
 * Bytes of the content, as the file's size or the end of a gzip stream says: not to be trusted, but good for a note.
 */
export async function contentBytes(file: string, { size, gzipped }: FileInfo): Promise<number> {
  if (!gzipped) return size;
  const handle = await openOrdinaryAsync(file, 'read', 'follow');
  try {
    const end = await readAtAsync(handle, 4, Math.max(0, size - 4));
    return end.length === 4 ? end.readUInt32LE() : 0;
  } finally {
    await handle.close();
  }
}

/** A note about bytes that no header speaks of; none if there are none. */
export const excessNotes = (file: string, excess: number): readonly string[] =>
  excess > 0
    ? [`${path.basename(file)} has ${plural(excess, 'byte')} more than its header says; they are ignored.`]
    : [];

const decompressors = { gzip: createGunzip, deflate: createInflateRaw };

/** `read` throws if compressed data are damaged, and after an abort. */
export function openByteStream(file: string, { from, to, compression, signal }: ByteStreamOptions = {}): ByteStream {
  const options = { start: from, end: to === undefined ? undefined : to - 1, highWaterMark: 1 << 18 };
  const raw = streamOrdinary(file, options, 'follow');
  let stream: Readable = raw;
  if (compression) {
    const decompressor = decompressors[compression]();
    raw.on('error', (error) => decompressor.destroy(error));
    stream = raw.pipe(decompressor);
  }
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Uint8Array = new Uint8Array(0);
  let ended = to !== undefined && to <= (from ?? 0);
  return {
    async read(n) {
      signal?.throwIfAborted();
      if (rest.length >= n) return cut(n);
      const parts = [rest];
      let length = rest.length;
      while (length < n && !ended) {
        const { value, done } = await chunks.next();
        ended = done === true;
        if (ended) break;
        parts.push(value as Buffer);
        length += (value as Buffer).length;
      }
      rest = parts.length === 1 ? rest : Buffer.concat(parts, length);
      return cut(n);
    },
    close: () => {
      raw.destroy();
      stream.destroy();
    },
  };

  function cut(n: number): Uint8Array {
    const piece = rest.subarray(0, n);
    rest = rest.subarray(piece.length);
    return piece;
  }
}
