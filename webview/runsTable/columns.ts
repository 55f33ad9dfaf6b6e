// The columns of the runs table: which there are, which are shown, and the value of each for a run.
import type { TableRun, TableState } from '../../src/protocol/runsTable';
import { capitalized, metricLabel, metricRank, metricTooltip, numberFormatOf } from '../charts/columns';
import { duration, formatCount, noValue, writers } from '../format';
import { language, t } from '../l10n';
import { stateDisplays } from '../run/displayState';

/** `name`, a fact such as `state`, `value:w1` for a metric, or `setting:critic.width`. */
export type ColumnKey = string;

export interface Column {
  readonly key: ColumnKey;
  readonly label: string;
  readonly title: string;
  readonly kind: 'fact' | 'value' | 'setting';
  readonly text: (run: TableRun) => string;
  /** What the rows are sorted by; null if it is missing. */
  readonly order: (run: TableRun) => number | string | null;
}

export const stateLabel = (state: TableState): string =>
  state === 'damaged' ? t('Damaged') : stateDisplays[state].label;

const dates = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });

const fact = (
  key: ColumnKey,
  label: string,
  text: Column['text'],
  order: Column['order'] = (run) => text(run) || null,
): Column => ({ key, label, title: '', kind: 'fact', text, order });

const stateColumn = fact('state', t('State'), ({ state }) => stateLabel(state));

const progressColumns: readonly Column[] = [
  fact(
    'step',
    t('Step'),
    ({ step, steps }) => (step === null ? '' : t('{0} of {1}', formatCount(step), formatCount(steps ?? 0))),
    ({ step }) => step,
  ),
  fact('tags', t('Tags'), ({ tags }) => tags.join(', ')),
];

const originColumns: readonly Column[] = [
  fact(
    'seconds',
    t('Time'),
    ({ seconds }) => (seconds === null ? '' : duration(seconds)),
    ({ seconds }) => seconds,
  ),
  fact(
    'startedAt',
    t('Started'),
    ({ startedAt }) => (startedAt === null ? '' : dates.format(startedAt * 1000)),
    ({ startedAt }) => startedAt,
  ),
  fact('experiment', t('Experiment'), ({ experiment }) => experiment),
  fact('parent', t('Forked from'), ({ parent }) =>
    parent === null ? '' : t('{0}, step {1}', parent.folder, formatCount(parent.step)),
  ),
  fact('notes', t('Notes'), ({ notes }) => notes.split('\n', 1)[0]),
];

export const nameColumn = fact('name', t('Name'), ({ name }) => name);

/** All columns after the name, in their order in the table: what matters first is in view on a narrow page. */
export function columnsOf(runs: readonly TableRun[]): readonly Column[] {
  const found = [...new Set(runs.flatMap((run) => Object.keys(run.values)))];
  const values = found.toSorted((a, b) => metricRank(a) - metricRank(b));
  const settings = new Set(runs.flatMap((run) => Object.keys(run.settings)));
  const labels = new Set(runs.map(({ estimateLabel }) => estimateLabel).filter((label) => label !== ''));
  const measured = values.map((name) => (name === 'estimate' ? estimateColumn([...labels]) : valueColumn(name)));
  return [stateColumn, ...measured, ...progressColumns, ...[...settings].map(settingColumn), ...originColumns];
}

const valueKey = 'value:';

/** The estimate has the name and the value of the monitor: what the objectives estimate, a median of the last steps. */
function estimateColumn(labels: readonly string[]): Column {
  const column = valueColumn('estimate');
  const [label = '', another] = labels;
  const title = t(
    'Median over the last steps. Comparable only between runs with the same objective, constraint, critic and data.',
  );
  if (another === undefined) return { ...column, label: label === '' ? t('Estimate') : capitalized(t(label)), title };
  return {
    ...column,
    label: t('Estimate'),
    title,
    text: (run) => (column.text(run) === '' ? '' : `${t(run.estimateLabel)} ${column.text(run)}`),
  };
}

function valueColumn(name: string): Column {
  const write = writers[numberFormatOf(name)];
  return {
    key: `${valueKey}${name}`,
    label: capitalized(metricLabel(name)),
    title: metricTooltip(name),
    kind: 'value',
    text: ({ values }) => (values[name] === undefined ? '' : write(values[name] ?? NaN)),
    order: ({ values }) => values[name] ?? null,
  };
}

function settingColumn(key: string): Column {
  return {
    key: `setting:${key}`,
    label: key,
    title: t('A setting in which the runs differ'),
    kind: 'setting',
    text: ({ settings }) => settings[key] ?? '',
    order: ({ settings }) => settings[key] ?? null,
  };
}

/** The name of the metric in a column; undefined for other columns. */
export const valueNameOf = ({ kind, key }: Column): string | undefined =>
  kind === 'value' ? key.slice(valueKey.length) : undefined;

/** More columns of settings are shown only on request. */
const maxSettings = 10;

/**
 * The columns to show: those that the user has switched on or off, and by default the facts, the metrics, and the
 * settings that differ between the shown runs. Columns without any value are not shown by default.
 */
export function shownColumns(
  all: readonly Column[],
  runs: readonly TableRun[],
  chosen: Readonly<Record<ColumnKey, boolean>>,
  grouped: boolean,
): readonly Column[] {
  let settings = 0;
  const isDefault = (column: Column): boolean => {
    const { key, kind, text } = column;
    // Of a distance between real samples only: a constant of the data.
    if (kind === 'value') return !/Floor$/.test(key) && runs.some((run) => text(run) !== '');
    if (kind === 'setting') return new Set(runs.map(text)).size > 1 && ++settings <= maxSettings;
    if (key === 'experiment') return !grouped && new Set(runs.map(text)).size > 1;
    return ['tags', 'parent', 'notes'].includes(key) ? runs.some((run) => text(run) !== '') : true;
  };
  return all.filter((column) => chosen[column.key] ?? isDefault(column));
}

/** The text of a cell: a missing value as a dash. */
export const cellText = ({ text }: Column, run: TableRun): string => text(run) || noValue;
