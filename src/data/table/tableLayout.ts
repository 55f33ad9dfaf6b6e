// Finds out how a text table is written from its first lines: delimiter, decimal mark, titles, header, index column.
import type { DataConfig } from '../../catalog';
import { plural } from '../../shared/text';
import { badSetting } from '../errors';
import {
  delimiters,
  fieldsOf,
  isExcelError,
  isMissing,
  numberOf,
  unreadNotation,
  type Delimiter,
  type FieldFormat,
} from './fields';
import type { TextLine } from './textLines';

export type TableSettings = Pick<DataConfig<'points'>, 'delimiter' | 'decimal' | 'header'>;

export interface TableLayout extends FieldFormat {
  /** Fields per row; an empty one after the last delimiter does not count. */
  readonly columns: number;
  /** Names of the columns, if there is a header. */
  readonly names?: readonly string[];
  /** The first line that is a row. */
  readonly firstLine: number;
  /** Whether the first column numbers or names the rows. */
  readonly hasIndex: boolean;
  /** The fields of the first rows. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Lines that are read before the layout is decided. */
export const layoutLines = 400;

/** An empty line, or one with nothing but delimiters, as Excel appends. */
export const isBlank = (text: string): boolean => /^[\s,;"]*$/.test(text);
export const isComment = (text: string): boolean => text.startsWith('#') && !isExcelError(text);

/** Undefined if there is no line with a value. Throws DataError if a setting has to decide. */
export function tableLayout(file: string, head: readonly TextLine[], settings: TableSettings): TableLayout | undefined {
  const separator = /^"?sep=(.)"?$/i.exec(head[0]?.text.trim() ?? '')?.[1];
  const lines = head.filter(({ text }, i) => !isBlank(text) && !isComment(text) && !(i === 0 && separator));
  if (lines.length === 0) return undefined;
  const delimiter = delimiterOf(lines, settings, separator);
  const split = lines.map(({ text, line }) => ({ line, fields: fieldsOf(text, delimiter) }));
  const decimal = decimalOf(
    file,
    split.map(({ fields }) => fields),
    settings,
  );
  if (delimiter === 'comma' && settings.delimiter === 'auto' && settings.decimal === 'auto')
    expectNoDecimalCommas(
      file,
      lines,
      split.map(({ fields }) => fields),
    );
  const format = { delimiter, decimal };
  const isNumber = (field: string) => Number.isFinite(numberOf(field, decimal));
  const isText = (field: string) => !isNumber(field) && !isMissing(field);

  const modal = usual(split.map(({ fields }) => fields.length));
  const full = split.filter(({ fields }) => fields.length === modal);
  const inner = full.length > 1 ? full.slice(1) : full;
  const trailing = modal > 1 && delimiter !== 'space' && inner.every(({ fields }) => fields[modal - 1] === '');
  const columns = trailing ? modal - 1 : modal;
  const notes = trailing ? ['The empty column after the last delimiter was left out.'] : [];

  // Title lines: text above the first line that has as many fields as the rows.
  let first = split.findIndex(({ fields }) => fields.length === modal || fields.length === columns);
  const isTitle = ({ fields }: { fields: readonly string[] }) => fields.some(isText);
  if (!split.slice(0, first).every(isTitle)) first = 0;
  const above = first > 0 ? split[first - 1] : undefined;
  const rows = split.slice(first).map(({ fields }) => fields.slice(0, columns));
  const later = rows.slice(1).filter((fields) => fields.length === columns);
  const counts = (column: number) => isRunning(later.map((fields) => numberOf(fields[column], decimal)));

  let names: readonly string[] | undefined;
  let dataAt = first;
  let titles = first;
  const isShorter = above?.fields.length === columns - 1 && columns > 1 && above.fields.every(isText);
  const rowNames = rows.every(([field]) => isText(field)) || isRunning(rows.map(([field]) => numberOf(field, decimal)));
  if (isShorter && rowNames) {
    names = ['', ...above.fields]; // R writes no name above its row names
    titles--;
  } else if (settings.header !== 'no') {
    const kind = settings.header === 'yes' ? 'names' : headerKind(file, rows[0], later, format);
    if (kind !== 'none') dataAt = first + 1;
    if (kind === 'names') names = rows[0];
    if (kind === 'other') titles++;
  }
  if (names === undefined) names = commentNames(head, split[dataAt]?.line ?? Infinity, delimiter, columns);
  else notes.push(`${headerLine(split, dataAt)} was read as a header: ${shown(names)}.`);
  if (titles > 0)
    notes.unshift(
      `${plural(titles, 'line')} above the rows left out: ${shown(split.slice(0, titles).map(({ fields }) => fields.join(' ')))}.`,
    );
  const indexName = names?.[0];
  const hasIndex =
    columns > 1 &&
    indexName !== undefined &&
    (/^(|unnamed: 0)$/i.test(indexName) ||
      (/^(id|index|idx|no\.?|nr\.?|row|rownames|row_?names?|obs|#)$/i.test(indexName) && counts(0)));
  const body = split.slice(dataAt).map(({ fields }) => fields);
  return {
    ...format,
    columns,
    names: names?.map((name) => name.trim()),
    firstLine: split[dataAt]?.line ?? Infinity,
    hasIndex,
    rows: body.filter(({ length }) => length === columns || length === modal).map((fields) => fields.slice(0, columns)),
    notes,
  };
}

const headerLine = (split: readonly { readonly line: number }[], dataAt: number) => `Line ${split[dataAt - 1].line}`;
const shown = (texts: readonly string[]) => {
  const text = texts.join(',');
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
};

/** The most frequent number; the larger of two that are equally frequent. */
function usual(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0][0];
}

/** Whether each number is one more than the one before. */
const isRunning = (values: readonly (number | undefined)[]): boolean =>
  values.length > 1 &&
  values.every((value, i) => Number.isInteger(value) && (i === 0 || value === (values[i - 1] ?? 0) + 1));

/** The delimiter with which most fields are numbers. */
function delimiterOf(lines: readonly TextLine[], settings: TableSettings, separator?: string): Delimiter {
  if (settings.delimiter !== 'auto') return settings.delimiter;
  const told = (Object.keys(delimiters) as Delimiter[]).find((name) => delimiters[name] === separator);
  if (told) return told;
  const mayBeComma = settings.decimal !== 'comma' || lines.some(({ text }) => text.includes('"'));
  let best: { readonly name: Delimiter; readonly score: number } = {
    name: mayBeComma ? 'comma' : 'semicolon',
    score: 0,
  };
  for (const name of ['semicolon', 'tab', 'comma', 'space'] as const) {
    if (name === 'comma' && !mayBeComma) continue;
    const rows = lines.map(({ text }) => fieldsOf(text, name));
    const count = usual(rows.map(({ length }) => length));
    if (count < 2) continue;
    const fields = rows.filter(({ length }) => length === count).flat();
    const isNumber = (field: string) =>
      [numberOf(field, 'point'), numberOf(field, 'comma')].some(Number.isFinite) || unreadNotation(field) !== undefined;
    const score = (fields.filter((field) => isNumber(field) || isMissing(field)).length + 0.5) / (fields.length + 1);
    if (score > best.score + 1e-9) best = { name, score };
  }
  return best.name;
}

function decimalOf(
  file: string,
  rows: readonly (readonly string[])[],
  settings: TableSettings,
): FieldFormat['decimal'] {
  if (settings.decimal !== 'auto') return settings.decimal;
  const fields = rows.flat();
  const withComma = fields.filter((field) => /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(field));
  const withPoint = fields.some((field) => /^[+-]?\d*\.\d+(e[+-]?\d+)?$/i.test(field));
  if (withComma.length === 0 || withPoint) return 'point';
  if (!withComma.every((field) => /^[+-]?[1-9]\d{0,2},\d{3}$/.test(field))) return 'comma';
  throw badSetting(
    'decimal',
    `${file} has numbers such as ${withComma[0]}, which may have decimals or thousands. ` +
      'Set "data.decimal" to "comma" if these are decimals; otherwise save the file without commas in numbers.',
  );
}

/**
 * Commas between whole numbers are decimal commas if what follows them begins with needless zeros: 0,45 and 0,07.
 * Throws DataError.
 */
function expectNoDecimalCommas(file: string, lines: readonly TextLine[], rows: readonly (readonly string[])[]): void {
  const numbers = rows.filter((fields) => fields.every((field) => /^[+-]?\d*$/.test(field)));
  const isDecimals = (field: string, column: number) => column % 2 === 1 && /^0\d+$/.test(field);
  const row = numbers.findIndex((fields) => fields.length % 2 === 0 && fields.some(isDecimals));
  if (row < 0 || numbers.some((fields) => fields.some((field, i) => i % 2 === 0 && /^[+-]?0\d/.test(field)))) return;
  throw badSetting(
    'decimal',
    `${file} has lines such as ${shown([lines[rows.indexOf(numbers[row])].text])}, whose commas may be decimal commas. ` +
      'Set "data.decimal" to "comma" if they are, and to "point" if each is between two numbers.',
  );
}

/**
 * What the first line is, judged by the lines below: names, something else that is no row (counts as scikit-learn
 * writes them, mixed text), or a row.
 */
function headerKind(
  file: string,
  first: readonly string[],
  later: readonly (readonly string[])[],
  { decimal }: FieldFormat,
): 'names' | 'other' | 'none' {
  const isNumber = (field: string) => Number.isFinite(numberOf(field, decimal));
  const isText = (field: string) => !isNumber(field) && !isMissing(field);
  const numbered = first.filter((field, i) => !(i === 0 && field === ''));
  if (numbered.length > 0 && numbered.every((field, i) => field === String(i)) && later.length > 0) {
    // pandas numbers columns without names.
    const hasDecimals = (column: number) => later.every((fields) => /[.,e]/i.test(fields[column] ?? ''));
    if (first[0] === '' || first.some((_, column) => hasDecimals(column))) return 'names';
    if (first.length === 1) return 'none';
    throw badSetting(
      'header',
      `Line 1 of ${file} may be a header or a row: ${shown(first)}. Set "data.header" to "yes" or "no".`,
    );
  }
  if (!first.some(isText)) return 'none';
  if (!first.some(isNumber))
    return later.length === 0 || later.some((fields) => fields.some(isNumber)) ? 'names' : 'none';
  // Text in a column that has numbers everywhere else.
  const isOdd = (field: string, column: number) =>
    isText(field) && later.length > 1 && later.every((fields) => isNumber(fields[column]));
  return first.some(isOdd) ? 'other' : 'none';
}

/** The names in the last comment above the rows, as numpy.savetxt writes its header. */
function commentNames(
  head: readonly TextLine[],
  before: number,
  delimiter: Delimiter,
  columns: number,
): readonly string[] | undefined {
  const comment = head.filter(({ text, line }) => line < before && isComment(text)).at(-1);
  const fields = comment && fieldsOf(comment.text.replace(/^#+\s*/, ''), delimiter);
  return fields?.length === columns && fields.every((field) => /^\p{L}/u.test(field)) ? fields : undefined;
}
