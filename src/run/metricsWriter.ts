// Writes metrics.bin, the curve of a run: a row a step, each in one write, and what came after a checkpoint cut off on a resume.
import fs from 'node:fs';
import path from 'node:path';
import { renameOver, syncDirectory } from '../files/replace';
import { readAt, writeAll } from '../files/readWrite';
import { onDisk, replaceFile } from './files';
import { type Column, decodeHeader, encodeHeader, encodeRow, leadBytes, maxHeaderBytes } from './metricsFormat';
import { runError } from './errors';

export type { Column } from './metricsFormat';

export interface MetricsWriter {
  readonly columns: readonly Column[];
  /** Rows in the file. */
  readonly rows: number;
  /** The last row's step; 0 where there is none. */
  readonly lastStep: number;
  /**
   * Appends a row. `step` is above the last one, `wallTime` in Unix seconds; a column that `values` does not name is
   * NaN, and a name that is no column is an assertion. Throws a RunError when the disk refuses; the row is then not there.
   */
  append(step: number, wallTime: number, values: Readonly<Record<string, number>>): void;
  /** Waits until the rows are on the disk. */
  sync(): void;
  close(): void;
}

/** Begins the curve, in place of any that is there. */
export function createMetrics(file: string, columns: readonly Column[]): MetricsWriter {
  const header = encodeHeader(columns, 1);
  replaceFile(file, header, { sync: true });
  return openWriter(file, columns, { rows: 0, lastStep: 0 }, header.byteLength);
}

/**
 * Goes on with the curve after `lastStep`: a torn last row, what a crash left unwritten and all rows after `lastStep` are
 * cut off. The rows that stay are copied and renamed into place, so that a crash loses none and a reader sees another
 * file. Begins a curve where there is none. Throws a RunError when the file is damaged or its columns are not `columns`.
 */
export function resumeMetrics(file: string, columns: readonly Column[], lastStep: number): MetricsWriter {
  if (!fs.existsSync(file)) return createMetrics(file, columns);
  const aside = `${file}.${process.pid}.tmp`;
  return onDisk('write', file, () => {
    const source = fs.openSync(file, 'r');
    const target = fs.openSync(aside, 'w');
    try {
      const old = decodeHeader(readAt(source, maxHeaderBytes, 0), file);
      assertSameColumns(file, old.columns, columns);
      const header = encodeHeader(columns, old.attempt + 1);
      writeAll(target, header, null);
      const kept = copyRows(source, target, old.offset, old.rowBytes, lastStep);
      fs.fsyncSync(target);
      renameOver(aside, file);
      syncDirectory(path.dirname(file));
      return openWriter(file, columns, kept, header.byteLength);
    } finally {
      fs.closeSync(source);
      fs.closeSync(target);
      fs.rmSync(aside, { force: true });
    }
  });
}

interface Kept {
  readonly rows: number;
  readonly lastStep: number;
}

function openWriter(file: string, columns: readonly Column[], kept: Kept, offset: number): MetricsWriter {
  const fd = onDisk('open', file, () => fs.openSync(file, 'r+'));
  const rowBytes = leadBytes + 4 * columns.length;
  const row = new DataView(new ArrayBuffer(rowBytes));
  const bytes = new Uint8Array(row.buffer);
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
      encodeRow(row, 0, step, wallTime, numbers);
      // A row is written where it belongs, not at the end of the file: a part left by a full disk is written over.
      onDisk('write', file, () => writeAll(fd, bytes, offset + rows * rowBytes));
      rows++;
      lastStep = step;
    },
    sync: () => onDisk('write', file, () => fs.fsyncSync(fd)),
    close: () => onDisk('close', file, () => fs.closeSync(fd)),
  };
}

/**
 * Copies the rows up to `lastStep`. Steps rise strictly in a good file, so the first row that does not rise is where a
 * power cut left a hole, and the copy ends there.
 */
function copyRows(source: number, target: number, offset: number, rowBytes: number, lastStep: number): Kept {
  const chunkRows = Math.max(1, Math.floor((1 << 20) / rowBytes));
  let rows = 0;
  let last = 0;
  for (;;) {
    const chunk = readAt(source, chunkRows * rowBytes, offset + rows * rowBytes);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const whole = Math.floor(chunk.byteLength / rowBytes);
    let good = 0;
    for (; good < whole; good++) {
      const step = view.getUint32(good * rowBytes, true);
      if (step <= last || step > lastStep) break;
      last = step;
    }
    writeAll(target, chunk.subarray(0, good * rowBytes), null);
    rows += good;
    if (good < chunkRows) return { rows, lastStep: last };
  }
}

function assertSameColumns(file: string, found: readonly Column[], wanted: readonly Column[]): void {
  const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');
  if (names(found) === names(wanted)) return;
  throw runError(
    'mismatch',
    `${file} has the columns ${names(found)}, and this training measures ${names(wanted)}. ` +
      `Resume with the settings the run began with, or begin a new run.`,
  );
}
