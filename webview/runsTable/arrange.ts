// Which runs the table shows and in which order: filter, sort and groups.
import type { TableRun } from '../../src/protocol/runsTable';
import { sortRows } from '../sortRows';
import { stateLabel } from './columns';
import type { Column, ColumnKey } from './columns';

export interface Sort {
  readonly key: ColumnKey;
  readonly descending: boolean;
}

/** Runs in which every word of `text` occurs: in name, folder, experiment, tags, notes or state, in any case. */
export function filterRuns(runs: readonly TableRun[], text: string): readonly TableRun[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const { name, folder, experiment, tags, notes, state } = run;
    const searched = [name, folder, experiment, ...tags, notes, stateLabel(state)].join('\n').toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** Sorted by a column, as `sortRows` does. */
export const sortRuns = (
  runs: readonly TableRun[],
  { order }: Pick<Column, 'order'>,
  descending: boolean,
): readonly TableRun[] => sortRows(runs, (run) => comparable(order(run)), descending);

/** A text that is a number, as of a setting, counts as the number; an empty one is missing. */
function comparable(value: number | string | null): number | string | null {
  if (typeof value !== 'string') return Number.isNaN(value) ? null : value;
  const text = value.trim();
  return text === '' ? null : Number.isNaN(Number(text)) ? text : Number(text);
}

export interface RunGroup {
  /** The experiment; null if the table has no groups. */
  readonly experiment: string | null;
  readonly runs: readonly TableRun[];
}

/** One group for each experiment, in the order of its first run; or one group of all. */
export function groupRuns(runs: readonly TableRun[], grouped: boolean): readonly RunGroup[] {
  if (!grouped) return [{ experiment: null, runs }];
  const groups = new Map<string, TableRun[]>();
  for (const run of runs) {
    const group = groups.get(run.experiment);
    if (group) group.push(run);
    else groups.set(run.experiment, [run]);
  }
  return [...groups].map(([experiment, inGroup]) => ({ experiment, runs: inGroup }));
}

/** The runs in the order of `before`, new ones first: rows stay where they are while the user works with them. */
export function keepOrder(runs: readonly TableRun[], before: readonly string[]): readonly TableRun[] {
  const places = new Map(before.map((id, place) => [id, place]));
  return runs
    .map((run, i) => ({ run, place: places.get(run.id) ?? i - runs.length }))
    .sort((a, b) => a.place - b.place)
    .map(({ run }) => run);
}
