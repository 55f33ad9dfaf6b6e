// Reads a text file that grows: the lines that were appended since the last time, or its end.
import { lstat } from 'node:fs/promises';
import { errno } from '../files/errno';
import { openOrdinaryAsync } from '../files/ordinaryFile';
import { readAtAsync } from '../files/readWrite';
import { onDiskAsync } from './diskAccess';

/** How far a file was read. */
export interface LinePosition {
  /** The identity of the file; '' if it does not exist. */
  readonly file: string;
  /** The offset up to which its lines were read. */
  readonly end: number;
}

export const noPosition: LinePosition = { file: '', end: 0 };

export interface AppendedLines {
  /** Whether these are all lines of the file, not only those after the last position. */
  readonly restarted: boolean;
  readonly lines: readonly string[];
  readonly position: LinePosition;
}

/**
 * The complete lines after `before`; null if there are none. At most the last `maxBytes` of the file are read, whose
 * first line may then be a part of one. Throws a UserError if it is no ordinary file or cannot be read.
 */
export async function readAppendedLines(
  file: string,
  before: LinePosition,
  maxBytes: number,
): Promise<AppendedLines | null> {
  return onDiskAsync('read', file, async () => {
    const found = await lstat(file).catch((error: unknown) => {
      if (errno(error) === 'ENOENT') return null;
      throw error;
    });
    if (found === null) return before.file === '' ? null : { restarted: true, lines: [], position: noPosition };
    const name = `${found.dev}-${found.ino}-${found.birthtimeMs}`;
    const restarted = name !== before.file || found.size < before.end;
    if (!restarted && found.size === before.end) return null;
    const handle = await openOrdinaryAsync(file);
    try {
      const from = Math.max(restarted ? 0 : before.end, found.size - maxBytes);
      const bytes = await readAtAsync(handle, found.size - from, from);
      // An incomplete last line is read again later.
      const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
      const position = { file: name, end: from + whole.length };
      if (!restarted && whole.length === 0 && position.end === before.end) return null;
      return { restarted, lines: whole.toString('utf8').split('\n').slice(0, -1), position };
    } finally {
      await handle.close();
    }
  });
}

/**
 * The end of a text file, of at most `maxBytes` and from the byte `from` on; `whole` unless it was cut at the start.
 */
export async function readTail(
  file: string,
  maxBytes: number,
  from = 0,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  return onDiskAsync('read', file, async () => {
    const handle = await openOrdinaryAsync(file);
    try {
      const { size } = await handle.stat();
      const start = Math.max(from, size - maxBytes);
      const bytes = await readAtAsync(handle, Math.max(0, size - start), start);
      return { text: bytes.toString('utf8'), whole: start === from };
    } finally {
      await handle.close();
    }
  });
}
