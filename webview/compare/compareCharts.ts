// The charts of a comparison: one per column, with a line or a band per group of runs.
import { metrics } from '../../src/catalog';
import {
  type ChartPlan,
  linePlan,
  type LinePlan,
  type CurveSource,
  type XRange,
  type Series,
} from '../charts/chartPlan';
import {
  capitalized,
  columnLabel,
  isEstimateColumn,
  isSmoothed,
  isComparable,
  isSparse,
  measuredTooltip,
  metricLabel,
  numberFormatOf,
  unitOf,
} from '../charts/columns';
import { differingFields } from '../../src/protocol/metricProtocol';
import type { MonitorColumn, MonitorEstimate } from '../../src/protocol/monitor';
import { formatCount } from '../format';
import { t } from '../l10n';
import { criticWarning } from './calibration';
import type { RunGroup } from './groups';
import type { LoadedRun } from './loadedRun';
import { computeBand, type BandCurves, quantile } from './band';
import { type SmoothingWindow, windowFor } from '../curve/smoothing';
import type { XAxis } from '../charts/xAxis';

/** Columns that are listed first: the distances and metrics. */
const leadingColumns = [
  'estimate',
  'normalizedEstimate',
  'lowerBound',
  'validationEstimate',
  ...Object.values(metrics).flatMap(({ yields }) => Object.keys(yields)),
];

/** A column of some of the runs: metrics that were measured in different ways are different columns. */
export interface ComparedColumn extends MonitorColumn {
  /** The name; numbered, if there are several columns of that name. */
  readonly id: string;
}

/** All columns of the runs: distances and metrics first, then the others in order of appearance. */
export function columnsOfGroups(groups: readonly RunGroup[]): ComparedColumn[] {
  const all = groups.flatMap(({ members }) => members.flatMap(({ state }) => state.columns));
  const distinct = all
    .filter((column, i) => all.findIndex((other) => isComparable(other, column)) === i)
    .map((column, i, columns): ComparedColumn => {
      const before = columns.slice(0, i).filter(({ name }) => name === column.name).length;
      return { ...column, id: before === 0 ? column.name : `${column.name} ${before + 1}` };
    });
  const rank = ({ name }: MonitorColumn) =>
    leadingColumns.includes(name) ? leadingColumns.indexOf(name) : leadingColumns.length;
  return distinct.sort((a, b) => rank(a) - rank(b));
}

/** Why metrics of the same name have several charts, a sentence for each. */
export function incomparableMetrics(groups: readonly RunGroup[]): string[] {
  const columns = columnsOfGroups(groups);
  return columns.flatMap((column) => {
    const other = columns.find(({ name, id }) => name === column.name && id !== column.id);
    if (column.id !== column.name || !column.protocol || !other?.protocol) return [];
    const differences = differingFields(column.protocol, other.protocol)
      .map(({ field, a, b }) => `${t(field)}: ${a}, ${b}`)
      .join('; ');
    return [
      t(
        '{0}: not comparable between all runs, so each way of measuring has its own chart ({1}).',
        capitalized(metricLabel(column.name)),
        differences,
      ),
    ];
  });
}

/** What the objectives of all runs estimate; undefined if they differ. */
const commonEstimate = (groups: readonly RunGroup[]): MonitorEstimate | undefined => {
  const [first, ...others] = groups.flatMap(({ members }) => members.map(({ state }) => state.estimate));
  return others.every(({ label }) => label === first?.label) ? first : undefined;
};

/** The name of a column in a comparison: that of an estimate only if all runs have the same. */
export function comparedLabel(column: MonitorColumn, groups: readonly RunGroup[]): string {
  if (column.name !== 'estimate') return columnLabel(column);
  const estimate = commonEstimate(groups);
  return estimate === undefined ? t('Estimate') : t(estimate.label);
}

/** Whether the runs of a group have a column, measured in the same way. */
export const hasColumn = ({ members }: RunGroup, column: MonitorColumn): boolean =>
  members.some(({ state }) => state.columns.some((each) => isComparable(each, column)));

/** Distances of the samples to the data, by which any runs can be compared; the best first. */
const comparableMetrics = ['w1', 'fid', 'kid', 'swd'];

/**
 * The column of the main chart: the selected one; else the estimate, or if estimates cannot be compared, since the
 * critics differ, a distance that most runs have measured. Undefined without columns.
 */
export function mainColumn(groups: readonly RunGroup[], selected: string | null): ComparedColumn | undefined {
  const columns = columnsOfGroups(groups);
  const measured = (column: ComparedColumn) => groups.filter((group) => hasColumn(group, column)).length;
  const distances = comparableMetrics
    .flatMap((metric) => columns.filter(({ name }) => name === metric))
    .sort((a, b) => measured(b) - measured(a));
  const [distance] = criticWarning(groups) === '' ? [] : distances;
  return (
    columns.find(({ id }) => id === selected) ??
    distance ??
    columns.find(({ name }) => name === 'estimate') ??
    columns[0]
  );
}

/** The chart of the main column comes first. */
export function planCompareCharts(
  groups: readonly RunGroup[],
  main: string | null,
  window: SmoothingWindow,
): ChartPlan[] {
  const columns = columnsOfGroups(groups);
  const shown = mainColumn(groups, main);
  if (shown === undefined)
    return [
      {
        id: 'estimate',
        title: t('Estimate'),
        tooltip: '',
        unit: '',
        numberFormat: 'measured',
        note: '',
        lines: [],
        level: null,
      },
    ];
  // The floor is drawn into the chart of the distance.
  const rest = columns.filter(({ id, name }) => id !== shown.id && name !== 'w1Floor');
  return [
    chartOf(shown, columns, groups, window, true),
    ...rest.map((column) => chartOf(column, columns, groups, window, false)),
  ];
}

function chartOf(
  column: ComparedColumn,
  columns: readonly ComparedColumn[],
  groups: readonly RunGroup[],
  window: SmoothingWindow,
  main: boolean,
): ChartPlan {
  const { name, id: columnId } = column;
  const estimate = commonEstimate(groups);
  const isEstimate = name === 'estimate';
  const sparse = isSparse(name);
  const lines = groups
    .filter((group) => hasColumn(group, column))
    .flatMap((group): LinePlan[] => {
      const { id, hue, dash, members } = group;
      const own = { toggle: id, owner: id, dash, smooth: isSmoothed(name) && window !== 1, tooltip: tooltipFor(group) };
      const edge = (part: 'low' | 'high') =>
        linePlan('edge', name, '', hue, { ...own, part, key: `${columnId} ${part} ${id}` });
      const floor =
        name === 'w1' && members.some(({ curve }) => curve.has('w1Floor'))
          ? [linePlan('dashed', 'w1Floor', '', hue, { toggle: id, owner: id, key: `w1Floor ${id}` })]
          : [];
      const band = members.length > 1 ? [edge('low'), edge('high')] : [];
      return [
        ...floor,
        ...band,
        linePlan(sparse ? 'dots' : main ? 'bold' : 'line', name, lineLabel(group, name, estimate === undefined), hue, {
          ...own,
          key: `${columnId} ${id}`,
        }),
      ];
    });
  return {
    id: columnId,
    title: capitalized(comparedLabel(column, groups)),
    tooltip: isEstimate
      ? estimate
        ? t(estimate.text)
        : t('The runs have different objectives, so their estimates measure different distances.')
      : measuredTooltip(column),
    unit: unitOf(column, estimate ? (columns.find((each) => each.name === 'estimate') ?? null) : null),
    numberFormat: numberFormatOf(name),
    note: lines.some(({ column: each }) => each === 'w1Floor')
      ? t('Thin dashes: the floor, W₁ of two sets of real samples.')
      : '',
    lines,
    level: isEstimate && estimate ? estimate.theory : name === 'gradientNorm' ? { label: '1', value: 1 } : null,
  };
}

/** With the name of the estimate if the runs have several. */
function lineLabel({ label, factor, members: [run] }: RunGroup, column: string, isMixed: boolean): string {
  if (!isEstimateColumn(column)) return label;
  const divided = factor === 1 ? label : t('{0} ÷ {1}', label, factor);
  return isMixed ? `${divided} (${t(run.state.estimate.label)})` : divided;
}

const tooltipFor = ({ members }: RunGroup): string =>
  members.length === 1
    ? members[0].state.directory
    : t(
        '{0} runs with seeds {1}: the line is their median, the band their spread.',
        formatCount(members.length),
        seedList(members),
      );

/** 1, 2, 3 */
export const seedList = (members: RunGroup['members']): string =>
  members.map(({ state }) => (state.seed === null ? '?' : String(state.seed))).join(', ');

export interface CompareSource extends CurveSource {
  /** Discards cached bands; to be called after rows were appended. */
  invalidate(): void;
}

const empty: Series = { x: new Float64Array(0), values: new Float64Array(0) };

/** `tail` is the quantile that bounds a band, 0 for min to max. */
export function compareSource(
  groups: readonly RunGroup[],
  window: SmoothingWindow,
  tail: number,
  axis: XAxis,
): CompareSource {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const runs = groups.flatMap(({ members }) => members).filter(({ curve }) => curve.length > 0);
  const bands = new Map<string, { readonly stamp: string; readonly band: BandCurves }>();

  const runSeries = ({ curve }: LoadedRun, { column, smooth }: LinePlan): Series =>
    curve.has(column)
      ? {
          x: curve.x(axis),
          values: smooth ? curve.smooth(column, windowFor(curve.length, window)) : curve.raw(column),
        }
      : empty;
  const bandSeries = ({ members }: RunGroup, line: LinePlan, shown: XRange, width: number): Series => {
    const key = `${line.owner} ${line.column}`;
    const stamp = `${line.smooth} ${shown.join()} ${width}`;
    const kept = bands.get(key);
    const band =
      kept?.stamp === stamp
        ? kept.band
        : computeBand(
            members.map((run) => runSeries(run, line)),
            shown,
            width,
            tail,
            axis === 'step' ? 1 : bucketSeconds(members),
          );
    bands.set(key, { stamp, band });
    return { x: band.x, values: band[line.part] };
  };
  const end = ({ curve }: LoadedRun) => curve.x(axis)[curve.length - 1];
  /** The positions of the longest run. */
  const longest = () =>
    runs.reduce<LoadedRun | undefined>(
      (best, run) => (best === undefined || end(run) > end(best) ? run : best),
      undefined,
    )?.curve;
  return {
    axis,
    get x() {
      return longest()?.x(axis) ?? empty.x;
    },
    get step() {
      return axis === 'step' ? (longest()?.step ?? empty.x) : null;
    },
    get span(): XRange {
      const first = Math.min(...runs.map(({ curve }) => curve.x(axis)[0]));
      const last = Math.max(...runs.map(end));
      return runs.length === 0 ? [0, 1] : [first, Math.max(last, first + (axis === 'step' ? 1 : 1e-3))];
    },
    series(line, shown, width) {
      const group = byId.get(line.owner);
      if (group === undefined) return empty;
      return group.members.length === 1 ? runSeries(group.members[0], line) : bandSeries(group, line, shown, width);
    },
    last(line) {
      const values = (byId.get(line.owner)?.members ?? []).flatMap((run) => {
        const value = lastValue(run, line.column, line.smooth ? window : 1);
        return Number.isNaN(value) ? [] : [value];
      });
      const q = { low: tail, mid: 0.5, high: 1 - tail }[line.part];
      return values.length === 0
        ? NaN
        : quantile(
            values.sort((a, b) => a - b),
            q,
          );
    },
    invalidate: () => bands.clear(),
  };
}

/** The last value of a run's column, smoothed; NaN if there is none. */
export function lastValue({ curve }: LoadedRun, column: string, smoothing: SmoothingWindow): number {
  if (!curve.has(column)) return NaN;
  const window = windowFor(curve.length, smoothing);
  return window === 1 ? curve.last(column) : (curve.smooth(column, window).at(-1) ?? NaN);
}

/** Runs are not at the same time at their steps: each has some rows in a bucket of a power of two of a second. */
function bucketSeconds(runs: readonly LoadedRun[]): number {
  const perRow = runs.map(({ curve }) => (curve.x('relative').at(-1) ?? 0) / Math.max(1, curve.length - 1));
  return 2 ** Math.ceil(Math.log2(Math.max(1e-3, 4 * Math.max(0, ...perRow))));
}
