// What a chart is told to draw, and where it finds the numbers: the same for one run and for many.
import type { MonitorNotice } from '../../src/protocol/monitor';

/** A stretch of steps, both ends included. */
export type StepRange = readonly [from: number, to: number];

/**
 * How a line looks: `bold` and `line` are drawn through, `pale` is the raw curve behind its median, `dots` joins what was
 * measured now and then and marks each measurement, `dashed` is a level to compare with, `edge` bounds a band.
 */
export type Look = 'bold' | 'pale' | 'line' | 'dots' | 'dashed' | 'edge';

export interface LinePlan {
  /** Unique on the page. */
  readonly key: string;
  /** Hides it, with every other line that has the same; so does the name of its column. */
  readonly toggle: string;
  /** Whose it is: a run or a group of runs. Lines of the same have the same steps. */
  readonly owner: string;
  readonly column: string;
  /** Median-filtered. */
  readonly smooth: boolean;
  /** Of a group: which quantile over its runs. */
  readonly part: 'low' | 'mid' | 'high';
  /** '' for a line that is not named: it belongs to one that is. */
  readonly label: string;
  /** For a hover. */
  readonly tooltip: string;
  /** Into the palette. */
  readonly hue: number;
  readonly dash: number;
  readonly look: Look;
}

export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly tooltip: string;
  readonly unit: string;
  /** How its numbers are written: measured, a share of 1 as percent, or a whole count. */
  readonly numberFormat: 'measured' | 'share' | 'count';
  readonly lines: readonly LinePlan[];
  /** A level that theory singles out. */
  readonly level: { readonly label: string; readonly value: number } | null;
}

/** A curve: values at steps that rise strictly, NaN where nothing was measured. */
export interface Series {
  readonly step: Float64Array;
  readonly values: Float32Array | Float64Array;
}

/** Where charts find their numbers. Views are valid until the next rows come. */
export interface CurveSource {
  /** The steps at which the cursor may stand. */
  readonly step: Float64Array;
  /** From the first step of any curve to the last. */
  readonly span: StepRange;
  /** The curve of a line, at least in `shown`, and at least `width` points of it there where there are so many. */
  series(line: LinePlan, shown: StepRange, width: number): Series;
  /** The last value; NaN where there is none. */
  last(line: LinePlan): number;
}

/** Something that happened at a step, to be marked on the axis. */
export type Mark = MonitorNotice;

export const isHidden = ({ toggle, column }: LinePlan, hidden: ReadonlySet<string>): boolean =>
  hidden.has(toggle) || hidden.has(column);

/** A line with what is said of it; the rest is as for most. */
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

/** Lines as they are drawn, one over the other, in the order in which they are named: the main one first. */
export const inLegend = (lines: readonly LinePlan[]): LinePlan[] =>
  lines.filter(({ label }) => label !== '').sort((a, b) => legendRank[a.look] - legendRank[b.look]);

const legendRank: { readonly [L in Look]: number } = { bold: 0, pale: 1, line: 2, dots: 3, dashed: 4, edge: 5 };
