// A table as aligned lines of a terminal.
import type { Table } from '../../shared/table';
import { clean, significant } from '../../shared/text';
import { alignColumns } from '../format';

export const tableLines = ({ columns, rows }: Table): string[] =>
  alignColumns(
    [columns, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? significant(cell) : clean(cell)))),
  );
