// The columns of the tables of a sweep: of settings over their seeds, and of single trials.
import type { SettingValue, SweepComparison, TrialState } from '../../src/protocol/sweep';
import { metricLabel, numberFormatOf } from '../charts/columns';
import { formatCount, formatMeasurement, noValue, percent, round, writers } from '../format';
import { t } from '../l10n';
import { textOf } from './axes';
import type { GroupKey, Trial, TrialGroup } from '../../src/protocol/foldTrials';

export interface TableColumn<Row> {
  /** Distinguishes the columns of a table. */
  readonly id: string;
  readonly head: string;
  /** By which rows are sorted. */
  readonly value: (row: Row) => string | number | null;
  readonly text: (row: Row) => string;
  /** How its cells are set. */
  readonly kind: 'text' | 'number' | 'long';
}

export const stateNames: Readonly<Record<TrialState, string>> = {
  waiting: t('Waiting'),
  canceled: t('Canceled'),
  running: t('Running'),
  interrupted: t('Interrupted'),
  exited: t('Crashed'),
  stopped: t('Stopped'),
  finished: t('Finished'),
  diverged: t('Diverged'),
  failed: t('Failed'),
};

/** The name of a key of groups. */
export const keyLabel = (key: GroupKey, settings: readonly string[]): string =>
  key === 'seed' ? t('Seed') : key === 'sample' ? t('Sample') : settings[key];

/** The label of the result, with the direction in which it is better. */
export const resultLabel = (comparison: SweepComparison): string =>
  comparison.maximize
    ? t('{0} (higher is better)', metricLabel(comparison.metric))
    : t('{0} (lower is better)', metricLabel(comparison.metric));

/** `≤ 0.4`. */
const thresholdText = (threshold: number, { maximize }: SweepComparison): string =>
  `${maximize ? '≥' : '≤'} ${round(threshold)}`;

/** Writes results of a metric. A median of counts may be between two of them. */
export function resultText({ metric }: SweepComparison): (value: number) => string {
  const format = numberFormatOf(metric);
  return format === 'share' ? writers.share : format === 'count' ? round : formatMeasurement;
}

const measured =
  (comparison: SweepComparison) =>
  (value: number | null): string =>
    value === null ? noValue : resultText(comparison)(value);

const setting = <Row>(id: string, head: string, of: (row: Row) => SettingValue): TableColumn<Row> => ({
  id,
  head,
  value: of,
  text: (row) => textOf(of(row)),
  kind: 'text',
});

const number = <Row>(
  id: string,
  head: string,
  value: (row: Row) => number | null,
  text: (value: number | null) => string = (each) => (each === null ? noValue : formatCount(each)),
): TableColumn<Row> => ({ id, head, value, text: (row) => text(value(row)), kind: 'number' });

/**
 * The columns of groups of trials with equal values of `keys`; `unsuccessful` and `others` are the states that some
 * trials have: of those that ended without a result, and of those that have not ended.
 */
export function groupColumns(
  keys: readonly GroupKey[],
  settings: readonly string[],
  comparison: SweepComparison | null,
  unsuccessful: readonly ('diverged' | 'failed')[],
  others: readonly TrialState[],
): TableColumn<TrialGroup>[] {
  return [
    ...keys.map((key, i) =>
      setting<TrialGroup>(`by:${keyLabel(key, settings)}`, keyLabel(key, settings), ({ values }) => values[i]),
    ),
    number('n', t('With result'), ({ count }) => count),
    ...(comparison === null
      ? []
      : [
          number<TrialGroup>(
            'median',
            t('Median {0}', metricLabel(comparison.metric)),
            ({ median }) => median,
            measured(comparison),
          ),
        ]),
    // Before what a narrow page cuts off.
    ...unsuccessful.map((state) => number<TrialGroup>(state, stateNames[state], (group) => group[state])),
    ...(comparison === null
      ? []
      : [
          number<TrialGroup>('least', t('Lowest'), ({ least }) => least, measured(comparison)),
          number<TrialGroup>('most', t('Highest'), ({ most }) => most, measured(comparison)),
        ]),
    ...(comparison?.thresholds ?? []).map((threshold, i) =>
      number<TrialGroup>(
        `within:${threshold}`,
        thresholdText(threshold, comparison!),
        ({ within }) => within[i],
        (share) => (share === null ? noValue : percent(share, 0)),
      ),
    ),
    // Last, as a narrow page cuts them off first.
    ...others.map((state) => number<TrialGroup>(state, stateNames[state], ({ states }) => states[state] ?? 0)),
  ];
}

/** The columns of single trials, after the column of their numbers. */
export function trialColumns(
  settings: readonly string[],
  comparison: SweepComparison | null,
  hasSamples: boolean,
): TableColumn<Trial>[] {
  return [
    ...settings.map((name, i) => setting<Trial>(`by:${name}`, name, ({ values }) => values[i])),
    ...(hasSamples ? [number<Trial>('sample', t('Sample'), ({ sample }) => sample)] : []),
    number(
      'seed',
      t('Seed'),
      ({ seed }) => seed,
      (seed) => String(seed),
    ),
    { id: 'state', head: t('State'), value: stateText, text: stateText, kind: 'text' },
    ...(comparison === null
      ? []
      : [
          number<Trial>(
            'result',
            metricLabel(comparison.metric),
            ({ progress }) => progress.value,
            measured(comparison),
          ),
        ]),
    {
      id: 'reason',
      head: t('Reason'),
      value: ({ progress }) => progress.message,
      text: ({ progress }) => progress.message ?? '',
      kind: 'long',
    },
  ];
}

/** The state of a trial; of one that runs, also how far it is. */
function stateText({ progress: { state, step, steps } }: Trial): string {
  return state === 'running' && steps > 0 ? t('Running, {0}', percent(step / steps, 0)) : stateNames[state];
}
