// Sorting the rows of a table by a column.
import { language } from './l10n';

/**
 * Rows by a value: numbers by size before texts, these by the alphabet of the page's language, in any case and with the
 * numbers in them by size. Missing values come last in both directions, and equal rows stay as they were.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => string | number | null,
  descending: boolean,
): Row[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * compare(a, b);
    })
    .map(({ row }) => row);
}

const texts = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  return typeof b === 'number' ? 1 : texts.compare(a, b);
}
