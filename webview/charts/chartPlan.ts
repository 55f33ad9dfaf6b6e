// The description of a chart and its lines, and the interface to their data. Shared by the run page and the comparison.
import type { MonitorNotice } from '../../src/protocol/monitor';
import type { XAxis } from './xAxis';

/** A range of positions on the x axis, both ends included. */
export type XRange = readonly [from: number, to: number];

/**
 * How a line is drawn: `bold` and `line` are solid, `pale` is the raw curve behind its median, `dots` marks and
 * connects sparse values, `dashed` is a reference level, `edge` bounds a band.
 */
export type Look = 'bold' | 'pale' | 'line' | 'dots' | 'dashed' | 'edge';

export interface LinePlan {
  /** Unique on the page. */
  readonly key: string;
  /** Key that hides this line and all others with the same key. The column name does so, too. */
  readonly toggle: string;
  /** Id of the run or group. Lines of the same owner have the same positions. */
  readonly owner: string;
  readonly column: string;
  /** Draw the median-filtered values. */
  readonly smooth: boolean;
  /** For a group: which quantile over its runs. */
  readonly part: 'low' | 'mid' | 'high';
  /** '' for a line without legend entry, which belongs to another line. */
  readonly label: string;
  readonly tooltip: string;
  /** Index into the palette. */
  readonly hue: number;
  readonly dash: number;
  readonly look: Look;
}

export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly tooltip: string;
  readonly unit: string;
  /** How values are written: measured values, shares in [0, 1] as percentages, or counts. */
  readonly numberFormat: 'measured' | 'share' | 'count';
  /** What the reader must know to read the chart, shown below the title; '' if nothing. */
  readonly note: string;
  readonly lines: readonly LinePlan[];
  /** A theoretical reference level. */
  readonly level: { readonly label: string; readonly value: number } | null;
}

/** Values at strictly increasing positions; NaN for missing values. */
export interface Series {
  readonly x: Float64Array;
  readonly values: Float32Array | Float64Array;
}

/** The data of the charts. Views are valid until rows are appended. */
export interface CurveSource {
  readonly axis: XAxis;
  /** The positions that the cursor can be moved to. */
  readonly x: Float64Array;
  /** The step at each position; null if the runs are at different steps there. */
  readonly step: Float64Array | null;
  /** From the first position of any curve to the last. */
  readonly span: XRange;
  /** The values of a line, at least within `shown` and, if available, at least `width` points there. */
  series(line: LinePlan, shown: XRange, width: number): Series;
  /** The last value; NaN if there is none. */
  last(line: LinePlan): number;
}

/** A notice, marked at its position on the x axis. */
export interface Mark extends MonitorNotice {
  readonly x: number;
}

export const isHidden = ({ toggle, column }: LinePlan, hidden: ReadonlySet<string>): boolean =>
  hidden.has(toggle) || hidden.has(column);

/** Creates a line plan with defaults. */
export const linePlan = (
  look: Look,
  column: string,
  label: string,
  hue: number,
  more: Partial<LinePlan> = {},
): LinePlan => ({
  key: column,
  toggle: more.key ?? column,
  owner: '',
  column,
  smooth: false,
  part: 'mid',
  label,
  tooltip: '',
  hue,
  dash: look === 'dashed' ? 1 : 0,
  look,
  ...more,
});

/** The lines of the legend, the main one first. (`lines` are in drawing order.) */
export const inLegend = (lines: readonly LinePlan[]): LinePlan[] =>
  lines.filter(({ label }) => label !== '').sort((a, b) => legendRank[a.look] - legendRank[b.look]);

const legendRank: { readonly [L in Look]: number } = { bold: 0, pale: 1, line: 2, dots: 3, dashed: 4, edge: 5 };
