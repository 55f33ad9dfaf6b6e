// A table as aligned lines of a terminal: numbers with four digits, but whole ones, such as seeds, with all.
import type { Table } from '../../shared/table';
import { clean, significant } from '../../shared/text';
import { alignColumns } from '../format';

export const tableLines = ({ columns, rows }: Table): string[] =>
  alignColumns([columns, ...rows].map((row) => row.map(textOf)));

const textOf = (cell: string | number): string =>
  typeof cell === 'string' ? clean(cell) : Number.isInteger(cell) ? String(cell) : significant(cell);
