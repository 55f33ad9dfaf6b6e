// What uPlot is told of a chart: scales, axes, cursor, and each line's looks.
import type uPlot from 'uplot';
import { count, measured, percent } from '../format';
import type { Theme } from '../theme';
import type { ChartPlan, LinePlan, Look } from './plan';

export interface ChartHooks {
  /** The theme as it is now: read at every drawing. */
  readonly theme: () => Theme;
  /** The steps that are shown. */
  readonly steps: () => readonly [from: number, to: number];
  /** The values that are shown. */
  readonly values: () => readonly [low: number, high: number];
  /** This stretch was dragged over, in CSS pixels. */
  readonly onSelect: (left: number, width: number) => void;
  readonly onReset: () => void;
}

export function chartOptions(
  plan: ChartPlan,
  main: boolean,
  hooks: ChartHooks,
  width: number,
  height: number,
): uPlot.Options {
  const { theme } = hooks;
  const axis = (): uPlot.Axis => ({
    stroke: () => theme().faint,
    font: `11px ${theme().font}`,
    ticks: { show: false },
    grid: { stroke: () => theme().grid, width: 1 },
  });
  return {
    width,
    height,
    // Room at the right for half a step's label.
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: { size: 6, width: 1.5, fill: () => theme().background, stroke: (_, s) => lineColour(plan.lines[s - 1], theme()) }, // prettier-ignore
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
      { ...axis(), size: 24, gap: 4, space: main ? 60 : 46, values: (_, splits) => splits.map((step) => (Number.isInteger(step) ? steps(step) : '')) },
      { ...axis(), size: 52, gap: 6, space: main ? 36 : 26, ...(plan.numbers === 'count' ? { incrs: wholes } : {}), values: (_, splits) => splits.map(plan.numbers === 'share' ? percents : short) },
    ], // prettier-ignore
    series: [{}, ...plan.lines.map((line) => seriesOf(line, theme))],
    hooks: {
      setSelect: [({ select }) => hooks.onSelect(select.left, select.width)],
      draw: [(chart) => drawLevel(chart, plan, theme())],
    },
  };
}

/** The pale line is the one that is seen through. */
export function lineColour({ hue, look }: LinePlan, { hues, highContrast }: Theme): string {
  return look === 'pale' ? `color-mix(in srgb, ${hues[hue]} ${highContrast ? 65 : 42}%, transparent)` : hues[hue];
}

interface Stroke {
  readonly width: number;
  readonly dash?: number[];
  /** What was not measured at every step is joined over the gaps. */
  readonly joined?: true;
  readonly marked?: true;
}

const strokes: { readonly [L in Look]: Stroke } = {
  bold: { width: 2 },
  pale: { width: 1 },
  line: { width: 1.25 },
  dots: { width: 1, joined: true, marked: true },
  dashed: { width: 1.25, dash: [5, 4], joined: true },
};

function seriesOf(line: LinePlan, theme: () => Theme): uPlot.Series {
  const { width, dash, joined, marked } = strokes[line.look];
  const stroke = () => lineColour(line, theme());
  const points = marked ? { show: hasRoom, size: 6, width: 1, fill: stroke, stroke } : { show: false };
  return { stroke, width, dash, spanGaps: joined === true, points };
}

/** Marks are drawn as long as they stand apart. */
function hasRoom(chart: uPlot, series: number, from: number, to: number): boolean {
  let marks = 0;
  for (let i = from; i <= to; i++) if (chart.data[series][i] !== null) marks++;
  return marks * 10 <= chart.bbox.width / devicePixelRatio;
}

/** Long runs are counted in thousands, for want of room. */
const steps = (step: number): string => (step >= 10_000 && step % 100 === 0 ? `${count(step / 1000)}${step % 1000 === 0 ? '' : `.${(step % 1000) / 100}`}k` : count(step)); // prettier-ignore

/** The distances between the marks of an axis of counts. */
const wholes = [1, 2, 5].flatMap((digit) => [0, 1, 2, 3, 4, 5, 6].map((power) => digit * 10 ** power)).sort((a, b) => a - b); // prettier-ignore

const percents = (value: number) => percent(value, 0);

/** A round number of an axis, without the digits that say nothing. */
const short = (value: number): string =>
  Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3) ? measured(value).replace(/\.?0+e/, 'e') : value.toLocaleString('en-US', { maximumFractionDigits: 3 }).replace('-', '−'); // prettier-ignore

/** The line of theory, over the curves, with its name above its end. */
function drawLevel(chart: uPlot, { level }: ChartPlan, theme: Theme): void {
  if (level === null) return;
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const y = Math.round(chart.valToPos(level.value, 'y', true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.globalAlpha = theme.highContrast ? 1 : 0.55;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.fillStyle = theme.text;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  ctx.textAlign = 'right';
  const above = y - bbox.top > 16 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  // In front of curves of the same colour, a rim of the background keeps it legible.
  ctx.strokeStyle = theme.background;
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * ratio;
  ctx.strokeText(level.label, bbox.left + bbox.width - 2 * ratio, y + (above ? -3 : 3) * ratio);
  ctx.fillText(level.label, bbox.left + bbox.width - 2 * ratio, y + (above ? -3 : 3) * ratio);
  ctx.restore();
}
