// Which charts a comparison has: one for each column that any run has, with a line or a band for each group.
import { metrics } from '../../src/catalog';
import { capital, columnLabel, isSmoothed, line, nowAndThen, numbersIn, textOf, unitOf } from '../charts/plan';
import type { ChartPlan, LinePlan } from '../charts/chartPlan';
import type { MonitorColumn } from '../../src/protocol/monitor';
import { count } from '../format';
import { t } from '../l10n';
import type { Group } from './compared';

/** What says how good a run is, before what says how it got there. */
const first = [
  'estimate',
  'wasserstein',
  'validationEstimate',
  ...Object.values(metrics).flatMap(({ yields }) => Object.keys(yields)),
];

/** All columns of the runs: distances and measures, then the rest in the order in which they first come. */
export function columnsOf(groups: readonly Group[]): MonitorColumn[] {
  const all = groups.flatMap(({ members }) => members.flatMap(({ state }) => state.columns));
  const distinct = all.filter((column, i) => all.findIndex(({ name }) => name === column.name) === i);
  const rank = ({ name }: MonitorColumn) => (first.includes(name) ? first.indexOf(name) : first.length);
  return distinct.sort((a, b) => rank(a) - rank(b));
}

/** The chart of the column `main` comes first. `window` is the length of the median filter; 1 for none. */
export function planComparison(groups: readonly Group[], main: string, window: number): ChartPlan[] {
  const columns = columnsOf(groups);
  const shown =
    columns.find(({ name }) => name === main) ?? columns.find(({ name }) => name === 'estimate') ?? columns[0];
  if (shown === undefined)
    return [{ id: 'estimate', title: t('Estimate'), text: '', unit: '', numbers: 'measured', lines: [], level: null }];
  const rest = columns.filter(({ name }) => name !== shown.name);
  return [
    chartOf(shown, columns, groups, window, true),
    ...rest.map((column) => chartOf(column, columns, groups, window, false)),
  ];
}

function chartOf(
  column: MonitorColumn,
  columns: readonly MonitorColumn[],
  groups: readonly Group[],
  window: number,
  main: boolean,
): ChartPlan {
  const { name, label } = column;
  const estimates = groups.flatMap(({ members }) => members.map(({ state }) => state.estimate));
  const same = new Set(estimates.map((estimate) => estimate.label)).size === 1;
  const ofEstimate = name === 'estimate';
  const sparse = nowAndThen(name);
  const lines = groups
    .filter(({ members }) => members.some(({ curve }) => curve.has(name)))
    .flatMap((group): LinePlan[] => {
      const { id, hue, dash, members } = group;
      const own = { toggle: id, of: id, dash, smooth: isSmoothed(name) && window > 1, text: textFor(group) };
      const edge = (part: 'low' | 'high') =>
        line('edge', name, '', hue, { ...own, part, key: `${name} ${part} ${id}` });
      const band = members.length > 1 ? [edge('low'), edge('high')] : [];
      return [
        ...band,
        line(sparse ? 'dots' : main ? 'bold' : 'line', name, group.label, hue, { ...own, key: `${name} ${id}` }),
      ];
    });
  return {
    id: name,
    title: ofEstimate ? (same ? t(estimates[0].label) : t('Estimate')) : capital(columnLabel(name, label)),
    text: ofEstimate
      ? same
        ? t(estimates[0].text)
        : t('The runs have objectives of their own: their estimates are not the same distance.')
      : textOf(name),
    unit: unitOf(column, same ? (columns.find((each) => each.name === 'estimate') ?? null) : null),
    numbers: numbersIn(name),
    lines,
    level: ofEstimate && same ? estimates[0].theory : name === 'gradientNorm' ? { label: '1', value: 1 } : null,
  };
}

const textFor = ({ members }: Group): string =>
  members.length === 1
    ? members[0].state.directory
    : t('{0} runs with seeds {1}: their median, and the band that they fill.', count(members.length), seedsOf(members));

/** 1, 2, 3 */
export const seedsOf = (members: Group['members']): string =>
  members.map(({ state }) => (state.seed === null ? '?' : String(state.seed))).join(', ');
