// Removes lines of a file that grows by lines, such as notices.jsonl, with bounded memory.
import { closeSync, fsyncSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../files/errno';
import { removeFile } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import { readAt, writeAll } from '../files/readWrite';
import { renameOver, syncDirectory, temporaryName } from '../files/replace';
import { onDisk } from './diskAccess';

/**
 * Removes the lines for which `keep` returns false, a last line without end, and lines of more than 16 MiB, which are
 * damage. The others are copied to a new file that replaces the old one, so that a crash loses none, and a process
 * that still has the old one open cannot change the new one. Does nothing if there is no file.
 *
 * @param keep receives a line without its end
 */
export function keepLines(file: string, keep: (line: Buffer) => boolean): void {
  const temporary = temporaryName(file);
  onDisk('clear', file, () => {
    try {
      if (!copyKept(file, temporary, keep)) return;
      renameOver(temporary, file);
      syncDirectory(path.dirname(file));
    } finally {
      removeFile(temporary);
    }
  });
}

/** Copies the lines to a new file, and closes both: Windows replaces no open file. False if there is no file. */
function copyKept(file: string, to: string, keep: (line: Buffer) => boolean): boolean {
  const source = openIfExists(file);
  if (source === null) return false;
  try {
    const target = openOrdinary(to, 'new');
    try {
      copyLines(source, target, keep);
      fsyncSync(target);
      return true;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function copyLines(source: number, target: number, keep: (line: Buffer) => boolean): void {
  let rest: Buffer = Buffer.alloc(0); // the beginning of a line whose end was not read yet
  let isTooLong = false;
  for (let position = 0, length = chunkBytes; length === chunkBytes; position += length) {
    const chunk = readAt(source, chunkBytes, position);
    length = chunk.byteLength;
    const bytes = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0; // of the lines to write
    let start = 0; // of the current line
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const isKept = !isTooLong && keep(bytes.subarray(start, end));
      isTooLong = false;
      if (!isKept) {
        writeAll(target, bytes.subarray(from, start), null);
        from = end + 1;
      }
      start = end + 1;
    }
    writeAll(target, bytes.subarray(from, start), null);
    isTooLong ||= bytes.byteLength - start > maxLineBytes;
    rest = isTooLong ? Buffer.alloc(0) : bytes.subarray(start);
  }
}

function openIfExists(file: string): number | null {
  try {
    return openOrdinary(file);
  } catch (error) {
    if (errno(error) === 'ENOENT') return null;
    throw error;
  }
}

const chunkBytes = 1 << 20;
const maxLineBytes = 1 << 24;
