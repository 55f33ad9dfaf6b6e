// Writes metrics.bin, the curve of a run: one row per step, each in a single write; a resume truncates it to the
// checkpoint.
import { closeSync, existsSync, fsyncSync } from 'node:fs';
import path from 'node:path';
import { removeFile } from '../files/folder';
import { openOrdinary } from '../files/ordinaryFile';
import { renameOver, syncDirectory, temporaryName } from '../files/replace';
import { readAt, writeAll } from '../files/readWrite';
import { onDisk, replaceFile } from './diskAccess';
import { type Column, decodeHeader, encodeHeader, encodeRow, leadBytes, maxHeaderBytes } from './metricsFormat';
import { runError } from './errors';

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
 * Continues the curve after `lastStep`: a torn last row, holes left by a crash and all rows after `lastStep` are
 * removed. The remaining rows are copied to a new file that replaces the old one, so that a crash loses none and
 * readers notice. Creates the curve if there is none. Throws a UserError if the file is damaged or its columns differ
 * from `columns`.
 */
export function resumeMetrics(file: string, columns: readonly Column[], lastStep: number): MetricsWriter {
  if (!existsSync(file)) return createMetrics(file, columns);
  const temporary = temporaryName(file);
  return onDisk('write', file, () => {
    const source = openOrdinary(file);
    const target = openOrdinary(temporary, 'new');
    try {
      const old = decodeHeader(readAt(source, maxHeaderBytes, 0), file);
      assertSameColumns(file, old.columns, columns);
      const header = encodeHeader(columns, old.attempt + 1);
      writeAll(target, header, null);
      const kept = copyRows(source, target, old.offset, old.rowBytes, lastStep);
      fsyncSync(target);
      renameOver(temporary, file);
      syncDirectory(path.dirname(file));
      return openWriter(file, columns, kept, header.byteLength);
    } finally {
      closeSync(source);
      closeSync(target);
      removeFile(temporary);
    }
  });
}

interface Kept {
  readonly rows: number;
  readonly lastStep: number;
}

function openWriter(file: string, columns: readonly Column[], kept: Kept, offset: number): MetricsWriter {
  const fd = onDisk('open', file, () => openOrdinary(file, 'update'));
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
      // Written at the row's offset, not at the end of the file: a partial row left by a full disk is overwritten.
      onDisk('write', file, () => writeAll(fd, bytes, offset + rows * rowBytes));
      rows++;
      lastStep = step;
    },
    sync: () => onDisk('write', file, () => fsyncSync(fd)),
    close: () => onDisk('close', file, () => closeSync(fd)),
  };
}

/**
 * Copies the rows up to `lastStep`. Steps are strictly increasing, so the first row that does not increase is a hole
 * left by a power loss, and the copy ends there.
 */
function copyRows(source: number, target: number, offset: number, rowBytes: number, lastStep: number): Kept {
  const chunkRows = Math.max(1, Math.floor((1 << 20) / rowBytes));
  let rows = 0;
  let last = 0;
  for (;;) {
    const chunk = readAt(source, chunkRows * rowBytes, offset + rows * rowBytes);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const complete = Math.floor(chunk.byteLength / rowBytes);
    let good = 0;
    for (; good < complete; good++) {
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
    `${file} has the columns ${names(found)}, but this experiment records ${names(wanted)}. ` +
      `Resume with the settings the run started with, or start a new run.`,
  );
}
