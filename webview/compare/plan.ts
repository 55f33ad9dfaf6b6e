// Which charts a comparison has: one for each column that any run has, with a line or a band for each group.
import { line, nowAndThen, numbersIn, textOf } from '../charts/plan';
import type { ChartPlan, LinePlan } from '../charts/chartPlan';
import type { MonitorColumn } from '../../src/protocol/monitor';
import type { Group } from './compared';

/** All columns of the runs, in the order in which they first come. */
export function columnsOf(groups: readonly Group[]): MonitorColumn[] {
  const all = groups.flatMap(({ members }) => members.flatMap(({ state }) => state.columns));
  return all.filter((column, i) => all.findIndex(({ name }) => name === column.name) === i);
}

/** The chart of the column `main` comes first. `window` is the length of the median filter; 1 for none. */
export function planComparison(groups: readonly Group[], main: string, window: number): ChartPlan[] {
  const columns = columnsOf(groups);
  const first = columns.find(({ name }) => name === main) ?? columns.find(({ name }) => name === 'estimate') ?? columns[0]; // prettier-ignore
  if (first === undefined) return [{ id: 'estimate', title: 'Estimate', text: '', unit: '', numbers: 'measured', lines: [], level: null }]; // prettier-ignore
  const rest = columns.filter(({ name }) => name !== first.name);
  return [chartOf(first, groups, window, true), ...rest.map((column) => chartOf(column, groups, window, false))];
}

function chartOf({ name, label, unit }: MonitorColumn, groups: readonly Group[], window: number, main: boolean): ChartPlan {
  const estimates = groups.flatMap(({ members }) => members.map(({ state }) => state.estimate));
  const same = new Set(estimates.map((estimate) => estimate.label)).size === 1;
  const ofEstimate = name === 'estimate';
  const sparse = nowAndThen(name);
  const lines = groups
    .filter(({ members }) => members.some(({ curve }) => curve.has(name)))
    .flatMap((group): LinePlan[] => {
      const { id, hue, dash, members } = group;
      const own = { toggle: id, of: id, dash, smooth: !sparse && window > 1, text: textFor(group) };
      const edge = (part: 'low' | 'high') => line('edge', name, '', hue, { ...own, part, key: `${name} ${part} ${id}` });
      const band = members.length > 1 ? [edge('low'), edge('high')] : [];
      return [...band, line(sparse ? 'dots' : main ? 'bold' : 'line', name, group.label, hue, { ...own, key: `${name} ${id}` })];
    });
  return {
    id: name,
    title: ofEstimate ? (same ? estimates[0].label : 'Estimate') : label.charAt(0).toUpperCase() + label.slice(1),
    text: ofEstimate ? (same ? estimates[0].text : 'The runs have objectives of their own: their estimates are not the same distance.') : textOf(name),
    unit: ofEstimate && !same ? '' : unit,
    numbers: numbersIn(name),
    lines,
    level: ofEstimate && same ? estimates[0].theory : name === 'gradientNorm' ? { label: '1', value: 1 } : null,
  };
} // prettier-ignore

const textFor = ({ members }: Group): string =>
  members.length === 1 ? members[0].state.directory : `${members.length} runs with seeds ${seedsOf(members)}: their median, and the band that they fill.`; // prettier-ignore

/** 1, 2, 3 */
export const seedsOf = (members: Group['members']): string =>
  members.map(({ state }) => (state.seed === null ? '?' : String(state.seed))).join(', ');
