// Two numbers a line: reads them whatever stands between, and names the lines where they are not.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataConfig } from '../../catalog/index';
import * as errors from '../errors';
import { formatBytes } from '../../shared/text';

/** Points as they were found, and what was not one. */
export interface FoundPoints {
  /** [n, 2], row-major. */
  readonly points: Float64Array;
  /** Each names its line or row and says what is wrong. */
  readonly bad: readonly string[];
  readonly notes: readonly string[];
}

/** Most points of a file. */
export const mostPoints = 10_000_000;

/** Whether a number is finite where it is trained on, in float32. */
export const isUsable = (value: number): boolean => Number.isFinite(Math.fround(value));

type Delimiter = Exclude<DataConfig<'points'>['delimiter'], 'auto'>;

const splitters: { readonly [D in Delimiter]: RegExp } = {
  comma: /,/,
  semicolon: /;/,
  tab: /\t/,
  space: /[ \t]+/,
};

/** Longer lines are no two numbers. */
const mostLine = 4096;
const mostBytes = 2 ** 30;

/**
 * Empty lines and those that begin with # are passed over; a first line without a number is a header. Throws DataError,
 * at the first line that is wrong where `onError` is "fail".
 */
export async function readPointsText(
  file: string,
  data: DataConfig<'points'>,
  signal?: AbortSignal,
): Promise<FoundPoints> {
  const { size } = await stat(file);
  if (size > mostBytes)
    throw errors.badFile(file, `it has ${formatBytes(size)}`, 'Save the points as a NumPy array (.npy).');
  let values = new Float64Array(1024);
  let used = 0;
  let splitter = data.delimiter === 'auto' ? undefined : splitters[data.delimiter];
  let begun = false;
  const bad: string[] = [];
  const notes: string[] = [];

  const take = (text: string, line: number) => {
    if (text === '' || text.startsWith('#')) return;
    splitter ??= guess(text);
    const fields = text.split(splitter).map((field) => unquote(field.trim()));
    const numbers = fields.map(numberOf);
    const isHeader =
      !begun &&
      fields.length >= 2 &&
      !fields.some((field) => /^[+-]?[.\d]/.test(field)) &&
      numbers.every((value) => value === undefined);
    begun = true;
    if (isHeader) return void notes.push(`Line ${line} was taken as a header: ${JSON.stringify(text.slice(0, 60))}.`);
    const [x, y] = numbers;
    if (fields.length === 2 && x !== undefined && y !== undefined && isUsable(x) && isUsable(y)) {
      if (used === 2 * mostPoints) throw errors.badFile(file, `it has more than ${mostPoints} points`, 'Use fewer.');
      if (used === values.length) {
        const more = new Float64Array(2 * values.length);
        more.set(values);
        values = more;
      }
      values[used++] = x;
      values[used++] = y;
      return;
    }
    const problem = `line ${line} ${wrong(fields, numbers)}: ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`;
    if (data.onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };

  for await (const { text, line } of linesOf(file, signal)) take(text.trim(), line);
  return { points: values.subarray(0, used), bad, notes };
}

function wrong(fields: readonly string[], numbers: readonly (number | undefined)[]): string {
  if (fields.length === 1) return 'has one value, and a point has two';
  if (fields.length > 2) return `has ${fields.length} values, and a point has two`;
  const at = numbers.findIndex((value) => value === undefined || !isUsable(value));
  if (Number.isFinite(numbers[at])) return `has a value ${at + 1} past the largest number of float32, 3.4e38`;
  return `has no finite number as value ${at + 1}`;
}

/** The first of the delimiters that stands in a line; a comma between digits of "1,5;2,5" is a decimal one, and refused later. */
function guess(text: string): RegExp {
  const found = (['semicolon', 'comma', 'tab'] as const).find((name) => splitters[name].test(text));
  return splitters[found ?? 'space'];
}

const unquote = (field: string) => (/^".*"$/.test(field) ? field.slice(1, -1).trim() : field);

/** Decimal numbers, and the words that other programs write for what is none; undefined for other text. */
function numberOf(field: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(field)) return Number(field);
  return /^[+-]?(nan|inf|infinity)$/i.test(field) ? NaN : undefined;
}

/** Lines by number, counted from 1; of a line that is too long the start. */
async function* linesOf(file: string, signal?: AbortSignal): AsyncIterable<{ text: string; line: number }> {
  const stream = createReadStream(file, { encoding: 'utf8', signal });
  let rest = '';
  let line = 0;
  try {
    for await (const chunk of stream) {
      const lines = (rest + (chunk as string)).split(/\r\n|\n|\r(?!$)/);
      rest = (lines.pop() ?? '').slice(0, mostLine + 1);
      for (const text of lines)
        yield { text: (line === 0 ? text.replace(/^\ufeff/, '') : text).slice(0, mostLine + 1), line: ++line };
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw errors.badFile(file, (error as Error).message, 'Check who may read it.');
  }
  if (rest !== '') yield { text: line === 0 ? rest.replace(/^\ufeff/, '') : rest, line: line + 1 };
}
