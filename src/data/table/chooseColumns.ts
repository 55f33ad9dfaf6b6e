// Which columns of a table are the numbers of a sample: as chosen by name or number, or all if that is unambiguous.
import { list, plural } from '../../shared/text';
import { badFile, badSetting } from '../errors';
import { isMissing, numberOf, unreadNotation } from './fields';
import type { TableLayout } from './tableLayout';

/** Indices from 0, and a sentence if columns were left out. Throws DataError. */
export function chooseColumns(
  file: string,
  layout: TableLayout,
  wanted: readonly (string | number)[] | null,
): { readonly indices: readonly number[]; readonly notes: readonly string[] } {
  if (wanted) return { indices: chosen(file, layout, wanted), notes: [] };
  const all = Array.from({ length: layout.columns }, (_, i) => i);
  const rest = all.filter((i) => !(layout.hasIndex && i === 0));
  if (layout.rows.length > 0 && rest.every((i) => isText(layout, i))) throw noNumbers(file, layout, rest[0]);
  const doubtful = rest.filter((i) => isLabel(layout, i));
  if (doubtful.length === 0 || rest.length < 2) {
    const notes = layout.hasIndex ? ['The first column, which numbers or names the rows, was left out.'] : [];
    return { indices: rest, notes };
  }
  const kept = rest.filter((i) => !doubtful.includes(i));
  const example = JSON.stringify((kept.length > 0 ? kept : rest).slice(0, 4).map((i) => layout.names?.[i] || i + 1));
  const why = list(
    doubtful
      .slice(0, 3)
      .map(
        (i) =>
          `${title(layout, i)} ${isText(layout, i) ? `is text${exampleOf(layout, i)}` : 'looks like a label or a row number'}`,
      ),
  );
  throw badSetting(
    'columns',
    `${file} has ${plural(layout.columns, 'column')} (${describe(layout)}), and ${why}. ` +
      `Choose those of a sample by name or number: "data.columns": ${example.length < 100 ? example : `["1-${layout.columns}"]`}.`,
  );
}

/** A value that is no number, and how it is written if it is meant as one. */
function exampleOf({ rows, decimal }: TableLayout, index: number): string {
  const texts = rows.map((fields) => fields[index]).filter((field) => numberOf(field, decimal) === undefined);
  const field = texts.find((one) => unreadNotation(one) !== undefined) ?? texts.at(-1) ?? '';
  const notation = unreadNotation(field);
  const shown = JSON.stringify(field.length > 30 ? `${field.slice(0, 30)}…` : field);
  return notation === undefined ? ` (${shown})` : ` (${shown}; numbers with ${notation} are not read)`;
}

const noNumbers = (file: string, layout: TableLayout, index: number) =>
  badFile(
    file,
    `it has no column of numbers; ${title(layout, index)} is text${exampleOf(layout, index)}`,
    'Write a sample per line, as plain numbers such as -1234.5, with commas, semicolons, tabs or spaces between them.',
  );

function chosen(file: string, layout: TableLayout, wanted: readonly (string | number)[]): number[] {
  const refuse = (problem: string) =>
    badSetting('columns', `${file} has ${problem}. It has ${plural(layout.columns, 'column')}: ${describe(layout)}.`);
  const indices = wanted.flatMap((column) => {
    if (typeof column === 'number') {
      if (column > layout.columns) throw refuse(`no column ${column}`);
      return [column - 1];
    }
    const called = (is: (name: string) => boolean) =>
      Array.from(layout.names ?? []).flatMap((name, i) => (is(name) ? [i] : []));
    const exact = called((name) => name === column);
    const named = exact.length > 0 ? exact : called((name) => folded(name) === folded(column.trim()));
    if (named.length > 1)
      throw refuse(
        `${named.length} columns named ${JSON.stringify(column)}; give the number of one (${list(
          named.map((i) => String(i + 1)),
          'or',
        )})`,
      );
    if (named.length === 1) return named;
    const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(column) ?? [];
    if (from === undefined) throw refuse(`${layout.names ? '' : 'no header, so '}no column ${JSON.stringify(column)}`);
    if (Number(from) < 1 || Number(to) > layout.columns || Number(from) > Number(to))
      throw refuse(`no columns ${column}`);
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, k) => Number(from) - 1 + k);
  });
  const twice = indices.find((index, i) => indices.indexOf(index) !== i);
  if (twice !== undefined) throw badSetting('columns', `"data.columns" has ${title(layout, twice)} twice. Remove one.`);
  return indices;
}

/** Without the differences of case, and of how accented letters are encoded. */
const folded = (name: string) => name.normalize('NFC').toLowerCase();

/** "x" or column 3. */
export const title = ({ names }: Pick<TableLayout, 'names'>, index: number): string =>
  names?.[index] ? JSON.stringify(names[index].slice(0, 60)) : `column ${index + 1}`;

function describe(layout: TableLayout): string {
  const titles = Array.from({ length: Math.min(6, layout.columns) }, (_, i) => title(layout, i));
  return titles.join(', ') + (layout.columns > 6 ? `, … ${title(layout, layout.columns - 1)}` : '');
}

const isText = ({ rows, decimal }: TableLayout, index: number): boolean => {
  const texts = rows.filter((fields) => numberOf(fields[index], decimal) === undefined && !isMissing(fields[index]));
  return texts.length > rows.length / 2;
};

const labelName = /^(labels?|class(es)?|targets?|species|categor(y|ies)|cluster|group|digit)$/i;
/** Labels have at most this many values. */
const maxClasses = 20;

const idName = /^(id|ids|idx|index|row|rows|no|nr|number|key|uid|guid|\w+[_ -](id|idx|no|nr|number))$|^[a-z]+I[dD]$/i;
/** So many different whole numbers are no coincidence. */
const distinctIds = 20;

/**
 * Text; whole numbers under a name for labels; different whole numbers under a name for them, or first beside decimals,
 * also shuffled; few whole numbers in the first or last column of decimals; a count.
 */
function isLabel(layout: TableLayout, index: number): boolean {
  if (isText(layout, index)) return true;
  const { rows, names, columns, decimal } = layout;
  const values = (column: number) => rows.map((fields) => numberOf(fields[column], decimal)).filter(Number.isFinite);
  const own = values(index) as number[];
  if (own.length === 0 || !own.every(Number.isInteger)) return false;
  if (names && labelName.test(names[index])) return true;
  const isDistinct = new Set(own).size === own.length && own.every((value) => value >= 0);
  if (names && idName.test(names[index]) && isDistinct && own.length > 1) return true;
  if (columns < 3 || rows.length < 5) return false;
  const isRunning = index === 0 && own.every((value, i) => i === 0 || value === own[i - 1] + 1);
  const isEnd = index === 0 || index === columns - 1;
  const decimals = Array.from({ length: columns }, (_, c) => c).filter(
    (c) => c !== index && !(values(c) as number[]).every(Number.isInteger),
  );
  return (
    decimals.length > 0 &&
    (isRunning ||
      (index === 0 && isDistinct && own.length >= distinctIds) ||
      (isEnd && new Set(own).size <= maxClasses && own.length > new Set(own).size))
  );
}
