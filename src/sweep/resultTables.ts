// Tables of the results of a sweep: by setting over samples and seeds, pairs of two settings, and all trials.
import { median } from '../math/median';
import { isOutcome, trialStates, type TrialState } from '../protocol/sweep';
import type { Table } from '../shared/table';
import type { Comparison, TrialResult } from './results';
import type { Trial } from './sweepDirectory';
import { stateTexts } from './trialState';
import { found } from './trials';

/** The settings by which a sweep is grouped if nothing else is said: the cases and the grid, not samples and seeds. */
export const usualKeys = (trials: readonly Trial[]): string[] => Object.keys(trials[0]?.axes ?? {});

/** All settings by which the trials can be grouped. */
export const allKeys = (trials: readonly Trial[]): string[] => [
  ...usualKeys(trials),
  ...(trials[0]?.sample == null ? [] : ['sample', ...Object.keys(trials[0].sampled)]),
  'seed',
];

/** The value of a setting of a trial; undefined if it has none of that name. */
export function settingOf({ axes, sampled, sample, seed }: Trial, key: string): unknown {
  if (key === 'seed') return seed;
  if (key === 'sample') return sample === null ? undefined : sample + 1;
  return found({ ...sampled, ...axes }, key);
}

/**
 * A row for each combination of the values of `keys`: how many trials have a value, its median and range, how many
 * diverged or failed, how many are in another state, and the share of those that ended within each threshold.
 */
export function settingsTable(
  results: readonly TrialResult[],
  keys: readonly string[],
  comparison: Comparison | null,
): Table {
  const groups = groupBy(results, keys);
  const others = trialStates.filter((each) => !isOutcome(each) && results.some(({ state }) => state === each));
  const { metric = '', thresholds = [] } = comparison ?? {};
  return {
    columns: [
      ...keys,
      'n',
      ...(comparison ? [`median ${metric}`, 'least', 'most'] : []),
      'diverged',
      'failed',
      ...others.map((state) => stateTexts[state]),
      ...thresholds.map((threshold) => `% ${thresholdText(threshold, comparison)}`),
    ],
    rows: groups.map((group) => {
      const values = group.flatMap(({ value }) => value ?? []);
      const count = (wanted: TrialState) => group.filter(({ state }) => state === wanted).length;
      const ended = group.filter(({ state }) => isOutcome(state)).length;
      return [
        ...keys.map((key) => cellOf(settingOf(group[0].trial, key))),
        values.length,
        ...(comparison ? [median(values), Math.min(...values), Math.max(...values)].map(cellOf) : []),
        count('diverged'),
        count('failed'),
        ...others.map(count),
        ...thresholds.map((threshold) => {
          const reached = values.filter((value) => isWithin(value, threshold, comparison)).length;
          return cellOf((100 * reached) / ended);
        }),
      ];
    }),
  };
}

/**
 * Gulrajani et al. 2017, table 2: on the same samples and seeds, how often only one of two settings is within each
 * threshold, both are, or neither. Null unless there are two settings, pairs of them that ended, and thresholds.
 */
export function pairsTable(
  results: readonly TrialResult[],
  keys: readonly string[],
  comparison: Comparison | null,
): Table | null {
  const groups = groupBy(results, keys);
  if (comparison === null || groups.length !== 2 || comparison.thresholds.length === 0) return null;
  const ended = groups.map(
    (group) =>
      new Map(group.filter(({ state }) => isOutcome(state)).map((result) => [partnerOf(result.trial, keys), result])),
  );
  const pairs = [...ended[0]].flatMap(([partner, first]) => {
    const second = ended[1].get(partner);
    return second === undefined ? [] : [[first, second] as const];
  });
  if (pairs.length < 2) return null;
  const [a, b] = groups.map((group) => keys.map((key) => cellOf(settingOf(group[0].trial, key))).join(', '));
  return {
    columns: [`${comparison.metric} within`, `only ${a}`, `only ${b}`, 'both', 'neither'],
    rows: comparison.thresholds.map((threshold) => {
      const within = ({ value }: TrialResult) => value !== null && isWithin(value, threshold, comparison);
      const count = (first: boolean, second: boolean) =>
        pairs.filter(([x, y]) => within(x) === first && within(y) === second).length;
      return [
        thresholdText(threshold, comparison),
        count(true, false),
        count(false, true),
        count(true, true),
        count(false, false),
      ];
    }),
  };
}

/** What two trials have in common that differ in the settings of `keys` alone. */
const partnerOf = ({ axes, sample, seed }: Trial, keys: readonly string[]): string =>
  JSON.stringify([Object.entries(axes).filter(([key]) => !keys.includes(key)), sample, seed]);

/** A row for each trial. */
export const trialsTable = (
  results: readonly TrialResult[],
  keys: readonly string[],
  comparison: Comparison | null,
): Table => ({
  columns: ['trial', ...keys, 'state', ...(comparison ? [comparison.metric] : [])],
  rows: results.map(({ trial, state, value }) => [
    trial.trial,
    ...keys.map((key) => cellOf(settingOf(trial, key))),
    stateTexts[state],
    ...(comparison ? [value ?? ''] : []),
  ]),
});

/** Groups of equal values of `keys`, in the order in which they come. */
function groupBy(results: readonly TrialResult[], keys: readonly string[]): TrialResult[][] {
  const groups = new Map<string, TrialResult[]>();
  for (const result of results) {
    const key = JSON.stringify(keys.map((name) => settingOf(result.trial, name) ?? null));
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()];
}

const isWithin = (value: number, threshold: number, comparison: Comparison | null): boolean =>
  comparison?.maximize ? value >= threshold : value <= threshold;

const thresholdText = (threshold: number, comparison: Comparison | null): string =>
  `${comparison?.maximize ? '≥' : '≤'} ${threshold}`;

/** A value as a cell; a number that does not exist is an empty one. Means have no digits that rounding added. */
export function cellOf(value: unknown): string | number {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(15));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
