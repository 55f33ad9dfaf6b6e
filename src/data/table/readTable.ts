// Reads the numbers of chosen columns of a text table, and names the lines that do not have them.
import type { DataConfig } from '../../catalog';
import { grouped } from '../../shared/text';
import * as errors from '../errors';
import { chooseColumns, title } from './chooseColumns';
import { fieldsOf, numberOf, unreadNotation } from './fields';
import { isBlank, isComment, layoutLines, tableLayout, type TableLayout, type TableSettings } from './tableLayout';
import { maxLine, textLines, type TextLine } from './textLines';

export interface TableRead {
  /** [n, columns], row-major. */
  readonly values: Float64Array;
  /** Titles of the chosen columns: `"x"`, or `column 3`. */
  readonly columns: readonly string[];
  /** Clauses that name a line and what is wrong with it. */
  readonly bad: readonly string[];
  readonly notes: readonly string[];
}

export interface ReadTableOptions extends TableSettings {
  readonly onError: DataConfig<'points'>['onError'];
  /** Chooses columns once the layout is known: indices from 0. Throws DataError. */
  readonly choose: (layout: TableLayout) => { readonly indices: readonly number[]; readonly notes: readonly string[] };
  readonly signal?: AbortSignal;
}

/** The largest number of values in memory: 1 GiB. */
export const maxValues = 1 << 27;
/** The largest number of columns. */
const maxColumns = 65_536;

/** Whether a number is finite in float32, in which training computes. */
export const isFloat32 = (value: number): boolean => Number.isFinite(Math.fround(value));

/** The columns as "data.columns" says, for `readTable`. */
export const columnsOf =
  (file: string, wanted: readonly (string | number)[] | null): ReadTableOptions['choose'] =>
  (layout) =>
    chooseColumns(file, layout, wanted);

/** Throws DataError; with `onError` "fail" also at the first invalid line. */
export async function readTable(file: string, options: ReadTableOptions): Promise<TableRead> {
  let values = new Float64Array(1024);
  let used = 0;
  const bad: string[] = [];
  const head: TextLine[] = [];
  let table:
    | { readonly layout: TableLayout; readonly indices: readonly number[]; readonly notes: readonly string[] }
    | undefined;

  const begin = () => {
    refuseLibsvm(file, head);
    const layout = tableLayout(file, head, options);
    if (!layout) throw errors.badFile(file, 'it contains no numbers', 'Write one sample per line, as numbers.');
    if (layout.columns > maxColumns)
      throw errors.badFile(
        file,
        `it has ${grouped(layout.columns)} columns`,
        `At most ${grouped(maxColumns)} can be read.`,
      );
    table = { layout, ...options.choose(layout) };
    for (const line of head) readRow(line);
  };

  const readRow = ({ text: raw, line }: TextLine) => {
    const { layout, indices } = table!;
    if (line < layout.firstLine || isBlank(raw) || isComment(raw)) return;
    const fields = fieldsOf(raw, layout.delimiter);
    const numbers = indices.map((index) => numberOf(fields[index] ?? '', layout.decimal));
    const isComplete =
      raw.length <= maxLine &&
      (fields.length === layout.columns || (fields.length === layout.columns + 1 && fields.at(-1) === ''));
    if (isComplete && numbers.every((value) => value !== undefined && isFloat32(value))) {
      if (used + numbers.length > maxValues)
        throw errors.badFile(
          file,
          `it has more than ${grouped(maxValues)} numbers`,
          'Use fewer rows or "data.columns".',
        );
      if (used + numbers.length > values.length) {
        const more = new Float64Array(Math.max(2 * values.length, used + numbers.length));
        more.set(values);
        values = more;
      }
      values.set(numbers as number[], used);
      used += numbers.length;
      return;
    }
    const text = raw.trim();
    const quoted = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    const problem = `line ${line} ${isComplete ? valueProblem(layout, indices, fields, numbers) : countProblem(raw, fields, layout)}: ${quoted}`;
    if (options.onError === 'fail') throw errors.badLine(file, problem);
    bad.push(problem);
  };

  for await (const line of textLines(file, options.signal)) {
    if (table) readRow(line);
    else if (head.push(line) === layoutLines) begin();
  }
  if (!table) begin();
  const { layout, indices, notes } = table!;
  return {
    values: values.subarray(0, used),
    columns: indices.map((index) => title(layout, index)),
    bad,
    notes: [...layout.notes, ...notes],
  };
}

/** `1 1:0.5 7:-2`: a label, then values after their numbers, of which those that are zero are left out. */
function refuseLibsvm(file: string, head: readonly TextLine[]): void {
  const lines = head.filter(({ text }) => !isBlank(text) && !isComment(text));
  const isPairs = ({ text }: TextLine) => /^\s*[-+.\deE,]+(\s+\d+:[-+.\deE]+)+\s*(#.*)?$/.test(text);
  if (lines.length === 0 || !lines.every(isPairs)) return;
  throw errors.badFile(
    file,
    'it is in the format of LIBSVM ("label index:value index:value")',
    'Convert it with scikit-learn: numpy.save("x.npy", load_svmlight_file(path)[0].toarray()).',
  );
}

function countProblem(raw: string, fields: readonly string[], { columns }: TableLayout): string {
  if (raw.length > maxLine) return `is longer than ${grouped(maxLine)} characters`;
  if (raw.split('"').length % 2 === 0)
    return 'has a quotation mark without its partner (values with line breaks are not read)';
  const found = fields.length === 1 ? 'one value' : `${fields.length} values`;
  return `has ${found} instead of ${columns}`;
}

function valueProblem(
  layout: TableLayout,
  indices: readonly number[],
  fields: readonly string[],
  numbers: readonly (number | undefined)[],
): string {
  const at = numbers.findIndex((value) => value === undefined || !isFloat32(value));
  const name = layout.names?.[indices[at]] ? title(layout, indices[at]) : `value ${indices[at] + 1}`;
  if (Number.isFinite(numbers[at])) return `has a number in ${name} that exceeds the largest float32 number, 3.4e38`;
  const field = fields[indices[at]];
  const notation = unreadNotation(field);
  const comma =
    layout.decimal === 'point' && /^[+-]?\d+,\d+$/.test(field)
      ? ' (for decimal commas set "data.decimal" to "comma")'
      : notation === undefined
        ? ''
        : ` (numbers with ${notation} are not read)`;
  return `has no finite number in ${name}${comma}`;
}
