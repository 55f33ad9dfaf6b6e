// Writes metrics.bin, the curve of a run: one row per step, each in a single write; a resume truncates it to the
// checkpoint.
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync } from 'node:fs';
import path from 'node:path';
import { removeFile } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import { renameOver, syncDirectory, temporaryName } from '../files/replace';
import { readAt, readInto, writeAll } from '../files/readWrite';
import { onDisk, replaceFile } from './diskAccess';
import {
  type Column,
  createRowEncoder,
  decodeHeader,
  encodeHeader,
  isIntact,
  maxHeaderBytes,
  type MetricsHeader,
  recoverHeader,
  rowBytesOf,
  wordsOf,
} from './metricsFormat';
import { isRunError, runError } from './errors';

export type { Column } from './metricsFormat';

export interface MetricsWriter {
  readonly columns: readonly Column[];
  /** Rows in the file. */
  readonly rows: number;
  /** The step of the last row; 0 if there is none. */
  readonly lastStep: number;
  /**
   * Appends a row. `step` must be greater than the last one, `wallTime` is in Unix seconds; a column missing from
   * `values` is NaN, and a name without a column fails an assertion. Throws a UserError, and adds no row, if the write
   * fails.
   */
  append(step: number, wallTime: number, values: Readonly<Record<string, number>>): void;
  /** Flushes the rows to the disk. */
  sync(): void;
  close(): void;
}

/** Creates the curve, replacing any that exists. */
export function createMetrics(file: string, columns: readonly Column[]): MetricsWriter {
  const header = encodeHeader(columns, 1);
  replaceFile(file, header, { sync: true });
  return openWriter(file, columns, { rows: 0, lastStep: 0 }, header.byteLength);
}

/**
 * Continues the curve after `lastStep`: damaged rows and all rows after `lastStep` are removed. The remaining rows are
 * copied to a new file that replaces the old one, so that a crash loses none and readers notice. Creates the curve if
 * there is none. A file without a readable row is set aside, and the curve starts after `lastStep`. Throws a UserError
 * if its columns differ from `columns`.
 *
 * @param onDamage receives a sentence if the header, or rows up to `lastStep`, were damaged
 */
export function resumeMetrics(
  file: string,
  columns: readonly Column[],
  lastStep: number,
  onDamage: (message: string) => void = () => {},
): MetricsWriter {
  if (!existsSync(file)) return createMetrics(file, columns);
  const temporary = temporaryName(file);
  return onDisk('write', file, () => {
    try {
      const copied = copyCurve(file, temporary, columns, lastStep);
      if (copied === null) {
        const aside = setAside(file);
        onDamage(`No row of ${file} could be read: it is now ${aside}, and the curve starts at step ${lastStep + 1}.`);
        return createMetrics(file, columns);
      }
      renameOver(temporary, file);
      syncDirectory(path.dirname(file));
      const { kept, offset, isDamaged } = copied;
      if (isDamaged)
        onDamage(`The header of ${file} was damaged: it was written again, and ${kept.rows} rows were kept.`);
      if (kept.gaps.length > 0) onDamage(gapsMessage(file, kept.gaps));
      return openWriter(file, columns, kept, offset);
    } finally {
      removeFile(temporary);
    }
  });
}

/**
 * Copies the rows up to `lastStep` to a new file with the header of the next attempt, and closes both files: Windows
 * replaces no open file. Null if no row can be read.
 */
function copyCurve(file: string, to: string, columns: readonly Column[], lastStep: number): CopiedCurve | null {
  const source = openOrdinary(file);
  try {
    const old = headerOf(readAt(source, maxHeaderBytes, 0), file, columns);
    if (old === null) return null;
    assertSameColumns(file, old.columns, columns);
    const header = encodeHeader(columns, old.attempt + 1);
    const target = openOrdinary(to, 'new');
    try {
      writeAll(target, header, null);
      const kept = copyRows(source, target, old.offset, old.rowBytes, lastStep);
      fsyncSync(target);
      return { kept, offset: header.byteLength, isDamaged: old.isDamaged };
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** Renames a damaged file next to itself. Returns its new name. */
function setAside(file: string): string {
  const { dir, name, ext } = path.parse(file);
  const aside = path.join(dir, `${name}.damaged-${randomUUID().slice(0, 8)}${ext}`);
  renameOver(file, aside);
  return path.basename(aside);
}

/** The header in the first bytes of the file, or else the one by which its rows can be read; null if there is none. */
function headerOf(
  bytes: Buffer,
  file: string,
  columns: readonly Column[],
): (MetricsHeader & { isDamaged: boolean }) | null {
  try {
    return { ...decodeHeader(bytes, file), isDamaged: false };
  } catch (error) {
    if (!isRunError(error) || error.code !== 'damaged') throw error;
    const header = recoverHeader(bytes, columns);
    return header && { ...header, isDamaged: true };
  }
}

function openWriter(
  file: string,
  columns: readonly Column[],
  kept: { readonly rows: number; readonly lastStep: number },
  offset: number,
): MetricsWriter {
  const fd = onDisk('open', file, () => openOrdinary(file, 'update'));
  const rowBytes = rowBytesOf(columns);
  const encode = createRowEncoder(columns);
  const numbers = new Float64Array(columns.length);
  let { rows, lastStep } = kept;
  return {
    columns,
    get rows() {
      return rows;
    },
    get lastStep() {
      return lastStep;
    },
    append(step, wallTime, values) {
      if (!(Number.isInteger(step) && step > lastStep && step < 2 ** 32)) {
        throw new Error(`assertion failed: step ${step} does not follow step ${lastStep}`);
      }
      let named = 0;
      for (let c = 0; c < columns.length; c++) {
        const value = values[columns[c].name];
        if (value !== undefined) named++;
        numbers[c] = value ?? NaN;
      }
      if (named !== Object.keys(values).length) {
        const extra = Object.keys(values).filter((name) => !columns.some((column) => column.name === name));
        throw new Error(`assertion failed: no column is named ${extra.join(', ')}`);
      }
      const bytes = encode(step, wallTime, numbers);
      // Written at the row's offset, not at the end of the file: a partial row left by a full disk is overwritten.
      onDisk('write', file, () => writeAll(fd, bytes, offset + rows * rowBytes));
      rows++;
      lastStep = step;
    },
    sync: () => onDisk('write', file, () => fsyncSync(fd)),
    close: () => onDisk('close', file, () => closeSync(fd)),
  };
}

/** The rows that were copied, and the steps (from, to) between which rows are missing because they were damaged. */
interface Kept {
  readonly rows: number;
  readonly lastStep: number;
  readonly gaps: readonly (readonly [from: number, to: number])[];
}

/** Where its rows begin in the copy, and whether the header of the original is damaged. */
interface CopiedCurve {
  readonly kept: Kept;
  readonly offset: number;
  readonly isDamaged: boolean;
}

/** Copies the intact rows up to `lastStep`; steps are strictly increasing. */
function copyRows(source: number, target: number, offset: number, rowBytes: number, lastStep: number): Kept {
  const chunk = Buffer.alloc(Math.max(1, Math.floor((1 << 20) / rowBytes)) * rowBytes);
  const words = wordsOf(chunk);
  const gaps: [number, number][] = [];
  let rows = 0;
  let last = 0;
  let isDamaged = false;
  for (let position = offset, length = chunk.length; length === chunk.length; position += length) {
    length = readInto(source, chunk, position);
    const complete = length - (length % rowBytes);
    let from = 0; // of the rows to write
    for (let at = 0; at < complete; at += rowBytes) {
      const step = words[at / 4];
      const intact = isIntact(words, at / 4, rowBytes / 4);
      if (intact && step > last && step <= lastStep) {
        if (isDamaged && step > last + 1) gaps.push([last, step]);
        isDamaged = false;
        last = step;
        rows++;
      } else {
        isDamaged ||= !intact;
        writeAll(target, chunk.subarray(from, at), null);
        from = at + rowBytes;
      }
    }
    writeAll(target, chunk.subarray(from, complete), null);
  }
  if (isDamaged && last < lastStep) gaps.push([last, lastStep + 1]);
  return { rows, lastStep: last, gaps };
}

function gapsMessage(file: string, gaps: Kept['gaps']): string {
  const steps = gaps.map(([from, to]) => (to - from === 2 ? `${from + 1}` : `${from + 1} to ${to - 1}`));
  const named = steps.length > 5 ? [...steps.slice(0, 5), `${steps.length - 5} more places`] : steps;
  return `${file} is damaged: the rows of these steps are lost, all others were kept: ${named.join(', ')}.`;
}

function assertSameColumns(file: string, found: readonly Column[], wanted: readonly Column[]): void {
  const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');
  if (names(found) === names(wanted)) return;
  throw runError(
    'mismatch',
    `${file} has the columns ${names(found)}, but this experiment records ${names(wanted)}. ` +
      `Resume with the settings the run started with, or start a new run.`,
  );
}
