// Reads text with two numbers per line, with any common delimiter, and names the lines that are not.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataConfig } from '../../catalog';
import { formatBytes } from '../../shared/text';
import * as errors from '../errors';

/** The points of a file, and its invalid lines or rows. */
export interface PointsRead {
  /** [n, 2], row-major. */
  readonly points: Float64Array;
  /** Clauses that name a line or row and what is wrong with it. */
  readonly bad: readonly string[];
  readonly notes: readonly string[];
}

/** The largest number of points in a file. */
export const maxPoints = 10_000_000;

/** Whether a number is finite in float32, in which training computes. */
export const isFloat32 = (value: number): boolean => Number.isFinite(Math.fround(value));

type Delimiter = Exclude<DataConfig<'points'>['delimiter'], 'auto'>;

const splitters: { readonly [D in Delimiter]: RegExp } = {
  comma: /,/,
  semicolon: /;/,
  tab: /\t/,
  space: /[ \t]+/,
};

/** Longer lines cannot be two numbers. */
const maxLine = 4096;
const maxBytes = 2 ** 30;

/**
 * Empty lines and lines that begin with # are ignored; a first line without a number is a header. Throws DataError;
 * with `onError` "fail" also at the first invalid line.
 */
export async function readPointsText(
  file: string,
  data: DataConfig<'points'>,
  signal?: AbortSignal,
): Promise<PointsRead> {
  const { size } = await stat(file);
  if (size > maxBytes)
    throw errors.badFile(file, `it is too large (${formatBytes(size)})`, 'Save the points as a NumPy array (.npy).');
  let values = new Float64Array(1024);
  let used = 0;
  let splitter = data.delimiter === 'auto' ? undefined : splitters[data.delimiter];
  let hasStarted = false;
  const bad: string[] = [];
  const notes: string[] = [];

  const readLine = (text: string, line: number) => {
    if (text === '' || text.startsWith('#')) return;
    splitter ??= guessDelimiter(text);
    const fields = text.split(splitter).map((field) => unquote(field.trim()));
    const numbers = fields.map(numberOf);
    const isHeader =
      !hasStarted &&
      fields.length >= 2 &&
      !fields.some((field) => /^[+-]?[.\d]/.test(field)) &&
      numbers.every((value) => value === undefined);
    hasStarted = true;
    if (isHeader) return void notes.push(`Line ${line} was read as a header: ${JSON.stringify(text.slice(0, 60))}.`);
    const [x, y] = numbers;
    if (fields.length === 2 && x !== undefined && y !== undefined && isFloat32(x) && isFloat32(y)) {
      if (used === 2 * maxPoints)
        throw errors.badFile(file, `it has more than ${maxPoints} points`, 'Use fewer points.');
      if (used === values.length) {
        const more = new Float64Array(2 * values.length);
        more.set(values);
        values = more;
      }
      values[used++] = x;
      values[used++] = y;
      return;
    }
    const quoted = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    const problem = `line ${line} ${problemOf(fields, numbers)}: ${quoted}`;
    if (data.onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };

  for await (const { text, line } of linesOf(file, signal)) readLine(text.trim(), line);
  return { points: values.subarray(0, used), bad, notes };
}

function problemOf(fields: readonly string[], numbers: readonly (number | undefined)[]): string {
  if (fields.length === 1) return 'has one value, but a point has two';
  if (fields.length > 2) return `has ${fields.length} values, but a point has two`;
  const at = numbers.findIndex((value) => value === undefined || !isFloat32(value));
  if (Number.isFinite(numbers[at])) return `has a value ${at + 1} that exceeds the largest float32 number, 3.4e38`;
  return `has no finite number as value ${at + 1}`;
}

/** The first delimiter that a line contains. The commas of "1,5;2,5" are decimal commas, which are rejected later. */
function guessDelimiter(text: string): RegExp {
  const found = (['semicolon', 'comma', 'tab'] as const).find((name) => splitters[name].test(text));
  return splitters[found ?? 'space'];
}

const unquote = (field: string) => (/^".*"$/.test(field) ? field.slice(1, -1).trim() : field);

/**
 * Decimal numbers; NaN for the non-finite values that other programs write, such as "inf"; undefined for other text.
 */
function numberOf(field: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(field)) return Number(field);
  return /^[+-]?(nan|inf|infinity)$/i.test(field) ? NaN : undefined;
}

/** Lines numbered from 1; long lines are cut. */
async function* linesOf(file: string, signal?: AbortSignal): AsyncIterable<{ text: string; line: number }> {
  const stream = createReadStream(file, { encoding: 'utf8', signal });
  let rest = '';
  let line = 0;
  try {
    for await (const chunk of stream) {
      const lines = (rest + (chunk as string)).split(/\r\n|\n|\r(?!$)/);
      rest = (lines.pop() ?? '').slice(0, maxLine + 1);
      for (const text of lines)
        yield { text: (line === 0 ? text.replace(/^\ufeff/, '') : text).slice(0, maxLine + 1), line: ++line };
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw errors.badFile(file, (error as Error).message, 'Check the permissions of the file.');
  }
  if (rest !== '') yield { text: line === 0 ? rest.replace(/^\ufeff/, '') : rest, line: line + 1 };
}
