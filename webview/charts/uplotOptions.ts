// The uPlot options of a chart: scales, axes, cursor and line styles.
import uPlot from 'uplot';
import { percent, round } from '../format';
import { dashes } from '../ui/palette';
import type { Theme } from '../ui/theme';
import type { ChartPlan, LinePlan, Look, Mark, XRange } from './chartPlan';
import { drawLevel, drawMarks } from './overlays';
import type { ValueRange } from './valueRange';
import { linearTicks, logTicks } from './tickPositions';
import { tickLabelsOn, ticksOn, type XAxis } from './xAxis';

export interface ChartHooks {
  /** The current theme, read at every draw. */
  readonly theme: () => Theme;
  readonly axis: XAxis;
  /** The visible range of the x axis. */
  readonly shown: () => XRange;
  /** The visible values; log10 of them if `log`. */
  readonly range: () => ValueRange;
  readonly log: () => boolean;
  readonly marks: () => readonly Mark[];
  /** The user selected a range by dragging, in CSS pixels. */
  readonly onSelect: (left: number, width: number) => void;
  readonly onReset: () => void;
}

export function uplotOptions(plan: ChartPlan, main: boolean, hooks: ChartHooks): uPlot.Options {
  const { theme, log } = hooks;
  const axis = (): uPlot.Axis => ({
    stroke: () => theme().faint,
    font: `11px ${theme().font}`,
    ticks: { show: false },
    grid: { stroke: () => theme().grid, width: 1 },
  });
  const maxTicks = (chart: uPlot, side: 'width' | 'height', spacing: number) =>
    Math.max(2, Math.floor(chart.bbox[side] / devicePixelRatio / spacing));
  const y = (value: number) => (log() ? Math.log10(value) : value);
  const tickLabels = (ticks: number[]): string[] =>
    ticks.map((tick) => (plan.numberFormat === 'share' ? percent(tick, 0) : round(log() ? 10 ** tick : tick)));
  return {
    width: 300,
    height: 100,
    // Space on the right for half a tick label.
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: {
        size: (_, s) => (plan.lines[s - 1].look === 'edge' ? 0 : 6),
        width: 1.5,
        fill: () => theme().background,
        stroke: (_, s) => lineColor(plan.lines[s - 1], theme()),
      },
      bind: {
        // With Shift, a drag moves the visible range.
        mousedown: (_, __, select) => (event: MouseEvent) => (event.shiftKey ? null : select(event)),
        dblclick: () => () => {
          hooks.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [...hooks.shown()] },
      y: { range: () => [...hooks.range()] },
    },
    axes: [
      {
        ...axis(),
        size: 26,
        gap: 7,
        splits: (chart, _, low, high) =>
          ticksOn(hooks.axis, low, high, maxTicks(chart, 'width', tickSpacing(hooks.axis, main))),
        values: (_, ticks) => tickLabelsOn(hooks.axis, ticks),
      },
      {
        ...axis(),
        size: 52,
        gap: 6,
        splits: (chart, _, low, high) =>
          (log() ? logTicks : linearTicks)(
            low,
            high,
            maxTicks(chart, 'height', main ? 34 : 24),
            plan.numberFormat === 'count',
          ),
        values: (_, ticks) => tickLabels(ticks),
      },
    ],
    series: [{}, ...plan.lines.map((line) => seriesOf(line, theme, plan.numberFormat === 'count'))],
    bands: bandsOf(plan, theme),
    hooks: {
      setSelect: [({ select }) => hooks.onSelect(select.left, select.width)],
      draw: [(chart) => drawLevel(chart, plan, y, theme()), (chart) => drawMarks(chart, hooks.marks(), theme())],
    },
  };
}

/** Pale lines are translucent. */
export function lineColor({ hue, look }: LinePlan, { lineColors, highContrast }: Theme): string {
  return look === 'pale' ? translucent(lineColors[hue], highContrast ? 65 : 38) : lineColors[hue];
}

const translucent = (color: string, share: number): string => `color-mix(in srgb, ${color} ${share}%, transparent)`;

interface Stroke {
  readonly width: number;
  /** Connects values across gaps. */
  readonly spanGaps?: true;
  readonly markers?: true;
}

const strokes: { readonly [L in Look]: Stroke } = {
  bold: { width: 2 },
  pale: { width: 1 },
  line: { width: 1.5 },
  dots: { width: 1.5, spanGaps: true, markers: true },
  dashed: { width: 1.25, spanGaps: true },
  edge: { width: 0, spanGaps: true },
};

/** A count is drawn as steps, since it has no values in between. */
function seriesOf(line: LinePlan, theme: () => Theme, isCount: boolean): uPlot.Series {
  const { width, spanGaps, markers } = strokes[line.look];
  const stroke = () => lineColor(line, theme());
  const points = markers ? { show: markersFit, size: 6, width: 1, fill: stroke, stroke } : { show: false };
  const paths = isCount && line.look !== 'edge' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  const dash = line.look === 'edge' ? [] : dashes[line.dash];
  return {
    ...(line.look === 'edge' ? {} : { stroke }),
    width,
    dash: [...dash],
    spanGaps: spanGaps === true,
    points,
    paths,
  };
}

/** A band fills the area between the two edges of the same owner. */
function bandsOf({ lines }: ChartPlan, theme: () => Theme): uPlot.Band[] {
  const series = (of: string, part: LinePlan['part']) =>
    lines.findIndex((line) => line.owner === of && line.look === 'edge' && line.part === part) + 1;
  return lines
    .filter(({ look, part }) => look === 'edge' && part === 'high')
    .map(({ owner, hue }) => ({
      series: [series(owner, 'high'), series(owner, 'low')],
      fill: () => translucent(theme().lineColors[hue], theme().highContrast ? 34 : 22),
    }));
}

/** Markers are drawn only while they do not overlap. */
function markersFit(chart: uPlot, series: number, from: number, to: number): boolean {
  let markers = 0;
  for (let i = from; i <= to; i++) if (chart.data[series][i] != null) markers++;
  return markers * 10 <= chart.bbox.width / devicePixelRatio;
}

/** The width that a label of the x axis needs, in CSS pixels. */
const tickSpacing = (axis: XAxis, main: boolean): number => (axis === 'step' ? (main ? 60 : 48) : main ? 80 : 66);
