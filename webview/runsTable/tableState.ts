// The view state of the runs table, which VS Code keeps while the page is hidden and across reloads.
import type { Sort } from './arrange';
import { savedFields } from '../savedFields';
import type { ColumnKey } from './columns';

export interface TableViewState {
  /** By which the extension recognizes the page after a reload. */
  readonly page: 'runsTable';
  readonly sort: Sort;
  readonly filter: string;
  readonly grouped: boolean;
  /** Experiments whose runs are hidden. */
  readonly collapsed: readonly string[];
  /** Columns that the user has switched on or off. */
  readonly columns: Readonly<Record<ColumnKey, boolean>>;
  /** Ids of the selected runs. */
  readonly selected: readonly string[];
}

export const defaultTableViewState: TableViewState = {
  page: 'runsTable',
  sort: { key: 'startedAt', descending: true },
  filter: '',
  grouped: false,
  collapsed: [],
  columns: {},
  selected: [],
};

/** The saved state, with defaults for invalid parts. */
export function restoreTableViewState(value: unknown): TableViewState {
  const saved = savedFields<TableViewState>(value);
  const sort = savedFields<Sort>(saved.sort);
  return {
    page: 'runsTable',
    sort:
      typeof sort.key === 'string'
        ? { key: sort.key, descending: sort.descending === true }
        : defaultTableViewState.sort,
    filter: typeof saved.filter === 'string' ? saved.filter : '',
    grouped: saved.grouped === true,
    collapsed: texts(saved.collapsed),
    columns: Object.fromEntries(
      Object.entries(savedFields<Record<string, boolean>>(saved.columns)).filter(
        (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
      ),
    ),
    selected: texts(saved.selected),
  };
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
