// What uPlot is told of a chart: scales, axes, cursor, and each line's looks.
import type uPlot from 'uplot';
import { count, percent, round } from '../format';
import { t } from '../l10n';
import { dashes } from '../ui/palette';
import type { Theme } from '../ui/theme';
import type { ChartPlan, LinePlan, Look, Mark, StepRange } from './chartPlan';
import { drawLevel, drawMarks } from './overlays';
import type { ValueRange } from './valueRange';
import { linearTicks, logTicks } from './ticks';

export interface ChartHooks {
  /** The theme as it is now: read at every drawing. */
  readonly theme: () => Theme;
  /** The steps that are shown. */
  readonly steps: () => StepRange;
  /** The values that are shown, and whether they are logarithms. */
  readonly values: () => ValueRange;
  readonly log: () => boolean;
  readonly marks: () => readonly Mark[];
  /** This stretch was dragged over, in CSS pixels. */
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
  const room = (chart: uPlot, side: 'width' | 'height', each: number) =>
    Math.max(2, Math.floor(chart.bbox[side] / devicePixelRatio / each));
  const y = (value: number) => (log() ? Math.log10(value) : value);
  const values = (ticks: number[]): string[] =>
    ticks.map((tick) => (plan.numberFormat === 'share' ? percent(tick, 0) : round(log() ? 10 ** tick : tick)));
  return {
    width: 300,
    height: 100,
    // Room at the right for half a step's label.
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
        dblclick: () => () => {
          hooks.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range: () => [...hooks.steps()] },
      y: { range: () => [...hooks.values()] },
    },
    axes: [
      {
        ...axis(),
        size: 26,
        gap: 7,
        splits: (chart, _, low, high) => linearTicks(low, high, room(chart, 'width', main ? 60 : 48), true),
        values: (_, ticks) => ticks.map(steps),
      },
      {
        ...axis(),
        size: 52,
        gap: 6,
        splits: (chart, _, low, high) =>
          (log() ? logTicks : linearTicks)(
            low,
            high,
            room(chart, 'height', main ? 34 : 24),
            plan.numberFormat === 'count',
          ),
        values: (_, ticks) => values(ticks),
      },
    ],
    series: [{}, ...plan.lines.map((line) => seriesOf(line, theme))],
    bands: bandsOf(plan, theme),
    hooks: {
      setSelect: [({ select }) => hooks.onSelect(select.left, select.width)],
      draw: [(chart) => drawLevel(chart, plan, y, theme()), (chart) => drawMarks(chart, hooks.marks(), theme())],
    },
  };
}

/** The pale line is the one that is seen through. */
export function lineColor({ hue, look }: LinePlan, { lineColors, highContrast }: Theme): string {
  return look === 'pale' ? translucent(lineColors[hue], highContrast ? 65 : 38) : lineColors[hue];
}

const translucent = (colour: string, share: number): string => `color-mix(in srgb, ${colour} ${share}%, transparent)`;

interface Stroke {
  readonly width: number;
  /** What was not measured at every step is joined over the gaps. */
  readonly joined?: true;
  readonly marked?: true;
}

const strokes: { readonly [L in Look]: Stroke } = {
  bold: { width: 2 },
  pale: { width: 1 },
  line: { width: 1.5 },
  dots: { width: 1.5, joined: true, marked: true },
  dashed: { width: 1.25, joined: true },
  edge: { width: 0, joined: true },
};

function seriesOf(line: LinePlan, theme: () => Theme): uPlot.Series {
  const { width, joined, marked } = strokes[line.look];
  const stroke = () => lineColor(line, theme());
  const points = marked ? { show: hasRoom, size: 6, width: 1, fill: stroke, stroke } : { show: false };
  const dash = line.look === 'edge' ? [] : dashes[line.dash];
  return { ...(line.look === 'edge' ? {} : { stroke }), width, dash: [...dash], spanGaps: joined === true, points };
}

/** A band lies between the two edges of the same curve. */
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

/** Marks are drawn as long as they stand apart. */
function hasRoom(chart: uPlot, series: number, from: number, to: number): boolean {
  let marks = 0;
  for (let i = from; i <= to; i++) if (chart.data[series][i] != null) marks++;
  return marks * 10 <= chart.bbox.width / devicePixelRatio;
}

/** Long runs are counted in thousands, for want of room. */
const steps = (step: number): string =>
  step >= 10_000 && step % 100 === 0 ? t('{0}k', round(step / 1000)) : count(step);
