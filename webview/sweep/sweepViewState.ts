// The view state of the page of a sweep, which VS Code keeps while the page is hidden and across reloads.
import { isRecord } from '../../src/shared/isRecord';
import type { Brushes } from './brushes';
import type { Sorting } from './sorting';

export interface SweepViewState {
  /** The directory of the sweep, by which the extension finds it after a reload. */
  readonly sweep: string;
  /** A row for each trial instead of each setting. */
  readonly everyTrial: boolean;
  /** The setting by which rows are grouped; null for all settings. */
  readonly groupBy: string | null;
  readonly sorting: Sorting | null;
  readonly brushes: Brushes;
  /** The section about failed and diverged trials. */
  readonly failuresOpen: boolean;
}

const defaults = (sweep: string): SweepViewState => ({
  sweep,
  everyTrial: false,
  groupBy: null,
  sorting: null,
  brushes: {},
  failuresOpen: true,
});

/** The saved state of the page of `sweep`, with defaults for invalid parts. */
export function restoreSweepViewState(value: unknown, sweep: string): SweepViewState {
  const saved: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  if (saved.sweep !== sweep) return defaults(sweep);
  return {
    sweep,
    everyTrial: saved.everyTrial === true,
    groupBy: typeof saved.groupBy === 'string' ? saved.groupBy : null,
    sorting: sortingOf(saved.sorting),
    brushes: brushesOf(saved.brushes),
    failuresOpen: saved.failuresOpen !== false,
  };
}

function sortingOf(value: unknown): Sorting | null {
  if (!isRecord(value) || typeof value.column !== 'string') return null;
  return { column: value.column, descending: value.descending === true };
}

function brushesOf(value: unknown): Brushes {
  if (!isRecord(value)) return {};
  const isEnd = (end: unknown): end is string | number | null =>
    end === null || typeof end === 'string' || Number.isFinite(end);
  return Object.fromEntries(
    Object.entries(value).flatMap(([label, brush]) =>
      isRecord(brush) && isEnd(brush.from) && isEnd(brush.to) ? [[label, { from: brush.from, to: brush.to }]] : [],
    ),
  );
}
