// The table of a comparison as text: how the runs are doing, their last values side by side, and the settings that differ.
import { capital, columnLabel, isSmoothed, numbersIn } from '../charts/plan';
import { count, duration, writers } from '../format';
import { t } from '../l10n';
import { faces, situationOf } from '../run/situation';
import { quantile } from './band';
import { type Compared, differing, type Group, settingOf } from './compared';
import { columnsOf, seedsOf } from './plan';
import { lastOf } from './source';

export interface Row {
  readonly head: string;
  /** For each group. */
  readonly cells: readonly string[];
}

/** How far the runs are. */
export function stateRows(groups: readonly Group[]): Row[] {
  const each = (head: string, text: (run: Compared) => string): Row => ({
    head,
    cells: groups.map(({ members }) => summed(members.map(text))),
  });
  return [
    each(t('State'), (run) => faces[situationOf(run)].label),
    { head: t('Seed'), cells: groups.map(({ members }) => seedsOf(members)) },
    each(t('Steps'), ({ status, curve }) =>
      status === null ? count(curve.step.at(-1) ?? 0) : t('{0} of {1}', count(status.step), count(status.steps)),
    ),
    {
      head: t('Time'),
      cells: groups.map(({ members }) =>
        stretch(
          members.flatMap(({ curve }) =>
            curve.length === 0 ? [] : [curve.wallTime[curve.length - 1] - curve.wallTime[0]],
          ),
        ),
      ),
    },
  ];
}

/** The last value of every column; of a group the median, with the least and the greatest. */
export function valueRows(groups: readonly Group[]): Row[] {
  return columnsOf(groups).map(({ name, label }) => {
    const write = writers[numbersIn(name)];
    const cells = groups.map(({ members }) => {
      const values = members
        .map((run) => lastOf(run, name, isSmoothed(name) ? 101 : 1))
        .filter((value) => !Number.isNaN(value))
        .sort((a, b) => a - b);
      if (values.length === 0) return '';
      const middle = write(quantile(values, 0.5));
      return values.length === 1
        ? middle
        : t('{0} ({1} to {2})', middle, write(values[0]), write(values[values.length - 1]));
    });
    return { head: capital(columnLabel(name, label)), cells };
  });
}

/** Settings, all or those that differ between groups. What differs within a group is its seed, which has a row of its own. */
export function settingRows(groups: readonly Group[], all: boolean): Row[] {
  const runs = groups.map(({ members }) => members[0]);
  const keys = all ? [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))] : differing(runs);
  // One run may have settings that the other has not: they go where their section is.
  const sections = keys.map(sectionOf);
  return keys
    .toSorted((a, b) => sections.indexOf(sectionOf(a)) - sections.indexOf(sectionOf(b)))
    .filter((key) => key !== 'seed' && key !== 'seeds' && (all || key !== 'name'))
    .map((key) => ({ head: key, cells: runs.map((run) => settingOf(run, key)) }));
}

const sectionOf = (key: string): string => key.split('.', 1)[0];

/** From the shortest to the longest, in seconds. */
function stretch(seconds: readonly number[]): string {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map(duration);
  return seconds.length === 0 ? '' : least === most ? least : t('{0} to {1}', least, most);
}

/** One text where all are the same, else how many of each: "2 Finished, 1 Running". */
function summed(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size === 1) return texts[0];
  const distinct = [...counts].map(([text, n]) => (n === 1 ? text : `${n} × ${text}`));
  return distinct.join(', ');
}
