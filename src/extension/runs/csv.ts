// The curves of runs as a CSV table (RFC 4180), one row per step.
import path from 'node:path';
import { runPaths } from '../../run/directory';
import { openMetrics, type Column, type Rows } from '../../run/metricsReader';

/** Rows that are read and written at once. */
const chunk = 8192;

/**
 * The lines of the table, in chunks. The columns are run, step, seconds since the run's first row, then all columns of
 * any of the runs. A missing value (NaN) is an empty cell; infinite values are Infinity or -Infinity. Throws a
 * UserError if a run has no curve.
 */
export async function* csvOf(directories: readonly string[]): AsyncGenerator<string> {
  const opened = await Promise.all(directories.map((directory) => openMetrics(runPaths(directory).metrics)));
  try {
    const names = [...new Set(opened.flatMap(({ columns }) => columns.map(({ name }) => name)))];
    yield `${['run', 'step', 'seconds', ...names].map(quoted).join(',')}\r\n`;
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

function linesOf(rows: Rows, names: readonly string[], run: string, has: ReadonlySet<string>, start: number): string {
  let text = '';
  for (let i = 0; i < rows.count; i++) {
    const cells = names.map((name) => (has.has(name) ? cell(rows.columns[name][i]) : ''));
    text += `${[run, rows.step[i], cell(Math.fround(rows.wallTime[i] - start)), ...cells].join(',')}\r\n`;
  }
  return text;
}

/** A float32 in the fewest digits that reproduce it. */
function cell(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return String(value);
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** Quoted if necessary. Spreadsheets evaluate cells that start with one of =+-@: such a name gets an apostrophe. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
