// The curves of runs as a CSV table (RFC 4180), one row per step.
import path from 'node:path';
import type { Column, Metrics, Rows } from '../../run/metricsReader';
import { openRunMetrics } from '../../run/runMetrics';
import { maxNumberBytes, writeAscii, writeFloat32, writeInteger } from './float32Text';

/** Rows that are read and written at once. */
const chunk = 8192;

/**
 * The lines of the table, in chunks of UTF-8. The columns are run, step, seconds since the run's first row, then all
 * columns of any of the runs. A missing value (NaN) is an empty cell; infinite values are Infinity or -Infinity. Throws
 * a UserError if a run has no curve.
 */
export async function* csvOf(directories: readonly string[]): AsyncGenerator<Uint8Array> {
  const opened: Metrics[] = [];
  try {
    for (const directory of directories) opened.push(await openRunMetrics(directory));
    const names = [...new Set(opened.flatMap(({ columns }) => columns.map(({ name }) => name)))];
    yield Buffer.from(`${['run', 'step', 'seconds', ...names].map(quoted).join(',')}\r\n`);
    for (const [i, metrics] of opened.entries()) {
      const run = quoted(path.basename(directories[i]));
      const has = new Set(metrics.columns.map(({ name }: Column) => name));
      let start = NaN;
      for (let from = 0; from < metrics.rows; from += chunk) {
        const rows = await metrics.read(from, Math.min(metrics.rows, from + chunk));
        if (Number.isNaN(start) && rows.count > 0) start = rows.wallTime[0];
        yield linesOf(rows, names, run, has, start);
      }
    }
  } finally {
    await Promise.all(opened.map((metrics) => metrics.close()));
  }
}

/** The lines of `rows` in UTF-8. `run` is the first cell. */
function linesOf(
  rows: Rows,
  names: readonly string[],
  run: string,
  has: ReadonlySet<string>,
  start: number,
): Uint8Array {
  const first = Buffer.from(`${run},`);
  const columns = names.map((name) => (has.has(name) ? rows.columns[name] : undefined));
  const out = Buffer.allocUnsafe(rows.count * (first.length + (names.length + 2) * (maxNumberBytes + 1) + 2));
  let at = 0;
  for (let i = 0; i < rows.count; i++) {
    out.set(first, at);
    at = writeInteger(rows.step[i], out, at + first.length);
    out[at++] = comma;
    at = writeFloat32(Math.fround(rows.wallTime[i] - start), out, at);
    for (const column of columns) {
      out[at++] = comma;
      if (column !== undefined) at = writeFloat32(column[i], out, at);
    }
    at = writeAscii('\r\n', out, at);
  }
  return out.subarray(0, at);
}

const comma = 44;

/** Quoted if necessary. Spreadsheets evaluate cells that start with one of =+-@: such a name gets an apostrophe. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
