// Reads metrics.bin: all of it, or new rows as they are appended.
import { type FileHandle, stat } from 'node:fs/promises';
import { errno } from '../files/errno';
import { openWithStats } from '../files/ordinaryFile';
import { readAtAsync } from '../files/readWrite';
import { onDiskAsync } from './diskAccess';
import { damagedFile, isRunError } from './errors';
import {
  type Column,
  createRowDecoder,
  decodeHeader,
  isIntact,
  maxHeaderBytes,
  type MetricsHeader,
  recoverHeader,
  type Rows,
  wordsOf,
} from './metricsFormat';
import { poll, type Polling } from './polling';

export type { Column, Rows } from './metricsFormat';

export interface Metrics {
  readonly columns: readonly Column[];
  /** Complete rows in the file when it was opened; a torn last row is not counted. */
  readonly rows: number;
  /** Whether the header is damaged, and the rows were found by their checksums. */
  readonly isRecovered: boolean;
  /** The intact ones of rows [from, to), by default all. Throws if the file has been truncated since. */
  read(from?: number, to?: number): Promise<Rows>;
  /** The step of the last intact row; 0 if there is none. */
  lastStep(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a curve. Throws a UserError if there is none, or its header is damaged and no row with `columns` can be found.
 */
export async function openMetrics(file: string, columns?: readonly Column[]): Promise<Metrics> {
  return onDiskAsync('read', file, async () => {
    const { handle, stats } = await openWithStats(file);
    try {
      const { header, isRecovered } = await readHeader(handle, file, stats.size).then(
        (header) => ({ header, isRecovered: false }),
        async (error: unknown) => ({ header: await recovered(handle, error, columns), isRecovered: true }),
      );
      const rows = completeRows(stats.size, header);
      return {
        columns: header.columns,
        rows,
        isRecovered,
        read: async (from = 0, to = rows) =>
          (await onDiskAsync('read', file, () => readRows(handle, file, header, from, to))).rows(),
        lastStep: () => onDiskAsync('read', file, () => lastStep(handle, header, rows)),
        close: () => handle.close(),
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

/** Rows [from, to) of the file were appended to the previous ones, or replace all of them, without damaged ones. */
export interface MetricsChange {
  readonly kind: 'restarted' | 'appended';
  readonly columns: readonly Column[];
  readonly from: number;
  readonly to: number;
  readonly rows: Rows;
}

export interface FollowOptions {
  readonly everyMs?: number;
  /** Receives the error of a damaged file, once until it changes, and those of the disk, which is tried again. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Follows a curve that may grow, be truncated by a resume, or not exist yet. The first change is 'restarted' with the
 * rows so far; later ones are 'appended', or 'restarted' if the file shrank or was replaced. After an error the next
 * change may have no rows.
 */
export function followMetrics(
  file: string,
  onChange: (change: MetricsChange) => void,
  { everyMs = 250, onError = () => {} }: FollowOptions = {},
): Polling {
  let seen = '';
  let generation = '';
  let rows = 0;
  let failed = false;
  const check = async () => {
    const now = await statOrNull(file);
    const stamp = now === null ? '' : `${now.ino} ${now.size} ${now.mtimeMs}`;
    if (stamp === seen) return;
    seen = stamp;
    if (now === null) {
      // If it comes back, it is another one or has been moved there and back.
      generation = '';
      return;
    }
    try {
      await readChange();
      failed = false;
    } catch (error) {
      failed = true;
      if (errno(error) !== undefined) seen = '';
      throw error;
    }
  };
  const readChange = async () => {
    const { handle, stats } = await openWithStats(file);
    const { size, ino } = stats;
    try {
      const header = await readHeader(handle, file, size);
      const found = `${ino} ${JSON.stringify(header)}`;
      const complete = completeRows(size, header);
      const kind = found === generation && complete >= rows ? 'appended' : 'restarted';
      const from = kind === 'appended' ? rows : 0;
      const decoder = await readRows(handle, file, header, from, complete);
      // A last row whose checksum does not match may still be being written.
      const to = from + decoder.intact;
      if (kind === 'appended' && from === to && !failed) return;
      generation = found;
      rows = to;
      onChange({ kind, columns: header.columns, from, to, rows: decoder.rows() });
    } finally {
      await handle.close();
    }
  };
  return poll(() => onDiskAsync('read', file, check), everyMs, onError);
}

const completeRows = (size: number, { offset, rowBytes }: MetricsHeader): number =>
  Math.max(0, Math.floor((size - offset) / rowBytes));

async function readHeader(handle: FileHandle, file: string, size: number): Promise<MetricsHeader> {
  for (const length of [4096, maxHeaderBytes]) {
    const bytes = await readAtAsync(handle, length, 0, size);
    if (bytes.includes(10) || bytes.byteLength < length || length === maxHeaderBytes) return decodeHeader(bytes, file);
  }
  throw new Error('assertion failed: the last length is the longest');
}

/** The header by which the rows of a file with a damaged one can be read; throws `error` if there is none. */
async function recovered(handle: FileHandle, error: unknown, columns?: readonly Column[]): Promise<MetricsHeader> {
  const isDamage = isRunError(error) && error.code === 'damaged' && columns !== undefined;
  const header = isDamage ? recoverHeader(await readAtAsync(handle, maxHeaderBytes, 0), columns) : null;
  if (header === null) throw error;
  return header;
}

async function readRows(handle: FileHandle, file: string, header: MetricsHeader, from: number, to: number) {
  const decoder = createRowDecoder(header, to - from);
  const chunkRows = Math.max(1, Math.floor((1 << 22) / header.rowBytes));
  for (let first = from; first < to; first += chunkRows) {
    const length = Math.min(chunkRows, to - first) * header.rowBytes;
    const bytes = await readAtAsync(handle, length, header.offset + first * header.rowBytes);
    if (bytes.byteLength < length) throw damagedFile(file, 'it got shorter while it was read', 'read it again');
    decoder.decode(bytes);
  }
  return decoder;
}

async function lastStep(handle: FileHandle, { offset, rowBytes }: MetricsHeader, rows: number): Promise<number> {
  for (let to = rows; to > 0; ) {
    const from = Math.max(0, to - 4096);
    const words = wordsOf(await readAtAsync(handle, (to - from) * rowBytes, offset + from * rowBytes));
    for (; to > from; to--) {
      const at = ((to - 1 - from) * rowBytes) / 4;
      if (isIntact(words, at, rowBytes / 4)) return words[at];
    }
  }
  return 0;
}

async function statOrNull(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (errno(error) === 'ENOENT') return null;
    throw error;
  }
}
