// A file as a stream of bytes that are taken in exact pieces; gzip and raw deflate are seen through.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';

export interface ByteStream {
  /** The next `n` bytes, or fewer where the stream ends; an empty array at its end. Valid until the next call. */
  take(n: number): Promise<Uint8Array>;
  /** Lets go of the file. */
  close(): void;
}

export interface ByteStreamOptions {
  /** First byte, and the one after the last. */
  readonly from?: number;
  readonly to?: number;
  readonly compression?: 'gzip' | 'deflate';
  readonly signal?: AbortSignal;
}

/** Deflate makes at most about 1032 bytes of one: no more can come out of a packed file, whatever its header claims. */
export const maxInflation = 1032;

/** What a file is, and the most bytes that can come out of it. */
export interface FileInfo {
  readonly size: number;
  readonly mtimeMs: number;
  /** By its first two bytes. */
  readonly gzipped: boolean;
  readonly mostBytes: number;
}

/** Undefined where there is no such file; throws where it cannot be read. */
export async function fileInfo(file: string): Promise<FileInfo | undefined> {
  const entry = await stat(file).catch(() => undefined);
  if (!entry?.isFile()) return undefined;
  const handle = await open(file);
  try {
    const first = Buffer.alloc(2);
    await handle.read(first, 0, 2, 0);
    const gzipped = first.readUInt16BE(0) === 0x1f8b;
    const { size, mtimeMs } = entry;
    return { size, mtimeMs, gzipped, mostBytes: gzipped ? size * maxInflation : size };
  } finally {
    await handle.close();
  }
}

const unpackers = { gzip: createGunzip, deflate: createInflateRaw };

/** Damage in packed bytes, and an abort, are thrown by `take`. */
export function openByteStream(file: string, { from, to, compression, signal }: ByteStreamOptions = {}): ByteStream {
  const options = { start: from, end: to === undefined ? undefined : to - 1, highWaterMark: 1 << 18 };
  const raw = createReadStream(file, options);
  let stream: Readable = raw;
  if (compression) {
    const unpacker = unpackers[compression]();
    raw.on('error', (error) => unpacker.destroy(error));
    stream = raw.pipe(unpacker);
  }
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Uint8Array = new Uint8Array(0);
  let ended = to !== undefined && to <= (from ?? 0);
  return {
    async take(n) {
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
