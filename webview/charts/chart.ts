// One chart: a legend over a plot, drawn by uPlot from points that were thinned to its width.
import uPlot from 'uplot';
import { h, set, setText } from '../ui/dom';
import { count, writers } from '../format';
import { t } from '../l10n';
import { firstRowAtOrAfter, nearestRow } from '../curve/nearestStep';
import type { Theme } from '../ui/theme';
import { align } from './align';
import {
  type ChartPlan,
  inLegend,
  isHidden,
  type LinePlan,
  type Mark,
  type CurveSource,
  type StepRange,
  type Series,
} from './chartPlan';
import { createLegend } from './legend';
import { uplotOptions } from './uplotOptions';
import { supportsLogAxis, toLog10, type ValueRange, valueRange } from './valueRange';
import { chartSummary } from './chartSummary';
import { downsample } from './downsample';

export interface Chart {
  readonly element: HTMLElement;
  /** The head of the chart, where more than the legend may stand. */
  readonly legend: HTMLElement;
  /** False while it is scrolled out of sight or has no size: it need not be drawn. */
  readonly visible: boolean;
  /** Draws the curves as far as they are there, over the steps that the board shows. */
  draw(source: CurveSource, shown: StepRange, log: boolean): void;
  /** Puts the cursor over a step, and its values into the legend; null takes the cursor away and shows the last values. */
  point(source: CurveSource, step: number | null): void;
  hide(hidden: ReadonlySet<string>): void;
  applyTheme(theme: Theme): void;
  dispose(): void;
}

export interface ChartEvents {
  readonly theme: () => Theme;
  readonly steps: () => StepRange;
  readonly marks: () => readonly Mark[];
  /** The pointer is over the step that the function tells, also after the axis has changed below it; null when it has left. */
  readonly onPointer: (stepBelow: (() => number) | null) => void;
  readonly onZoom: (steps: StepRange | null) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onToggle: (key: string) => void;
  /** Came into sight, or changed its size. */
  readonly onResize: () => void;
}

/** `at` is its place on the board: the first is the main one. */
export function createChart(plan: ChartPlan, at: number, events: ChartEvents): Chart {
  const main = at === 0;
  const legend = createLegend(plan, main ? 2 : 3, events.onToggle);
  const summary = h('p', { class: 'unseen', id: `summary-${at}` });
  // A slider to assistive technology: the arrow keys move the cursor, and its text is what the curves say there.
  const place = h('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-label': t('{0} by step', plan.title),
    'aria-valuemin': 0,
    'aria-valuemax': 0,
    'aria-valuenow': 0,
    'aria-valuetext': t('no steps yet'),
    'aria-describedby': `${summary.id} chart-keys`,
    onkeydown: (event) => events.onKey(event as KeyboardEvent),
  });
  const element = h(
    'section',
    { class: main ? 'chart main' : 'chart', 'aria-label': plan.title },
    legend.element,
    h('div', { class: 'stage' }, place),
    summary,
  );
  let values: ValueRange = [0, 1];
  let isLog = false;
  let tracks: readonly Series[] = [];
  let hiddenKeys: ReadonlySet<string> = new Set();
  const hooks = {
    values: () => values,
    log: () => isLog,
    theme: events.theme,
    steps: events.steps,
    marks: events.marks,
    onSelect: (left: number, width: number) => {
      if (width === 0) return;
      events.onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    },
    onReset: () => events.onZoom(null),
  };
  const empty = [[], ...plan.lines.map(() => [])] as unknown as uPlot.AlignedData;
  const plot = new uPlot(uplotOptions(plan, main, hooks), empty, place);
  plot.over.addEventListener('mousemove', ({ offsetX }) => events.onPointer(() => plot.posToVal(offsetX, 'x')));
  plot.over.addEventListener('mouseleave', () => events.onPointer(null));
  let visible = false;
  // A little beyond the edge, so that what is scrolled into sight has been drawn.
  const sight = new IntersectionObserver(
    (entries) => {
      visible = entries.at(-1)!.isIntersecting;
      if (visible) events.onResize();
    },
    { rootMargin: '300px' },
  );
  const size = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = place;
    if (width > 0 && height > 0) plot.setSize({ width, height });
    events.onResize();
  });
  sight.observe(place);
  size.observe(place);

  return {
    element,
    legend: legend.element,
    get visible() {
      return visible;
    },
    draw(source, shown, log) {
      const width = Math.max(1, place.clientWidth);
      tracks = plan.lines.map((line) => source.series(line, shown, width));
      const { x, ys } = points(plan, tracks, shown, width);
      isLog = log && supportsLogAxis(plan, ys);
      element.classList.toggle('log', isLog);
      const drawn = isLog ? ys.map(toLog10) : ys;
      values = valueRange(plan, drawn, hiddenKeys, isLog);
      plot.batch(() => plot.setData([x, ...drawn] as uPlot.AlignedData, true));
      setText(summary, chartSummary(plan, ys, plan.lines.map(source.last), shown));
    },
    point(source, step) {
      const shown =
        step === null ? plan.lines.map(source.last) : plan.lines.map((line, i) => valueAt(line, tracks[i], step));
      legend.show(shown);
      plot.setCursor(step === null ? { left: -10, top: -10 } : { left: plot.valToPos(step, 'x'), top: 0 }, false);
      const [first, last] = source.span;
      const at = step ?? last;
      const write = writers[plan.numberFormat];
      const spoken = inLegend(plan.lines).map((line) => `${line.label} ${write(shown[plan.lines.indexOf(line)])}`);
      set(place, {
        'aria-valuemin': first,
        'aria-valuemax': last,
        'aria-valuenow': at,
        'aria-valuetext': t('step {0}: {1}', count(at), spoken.join(', ')),
      });
    },
    hide(hidden) {
      hiddenKeys = new Set(hidden);
      legend.showHidden(hidden);
      plan.lines.forEach((line, i) => {
        const show = !isHidden(line, hidden);
        if (plot.series[i + 1].show !== show) plot.setSeries(i + 1, { show });
      });
    },
    applyTheme(theme) {
      legend.applyTheme(theme);
      plot.redraw(false, true);
    },
    dispose() {
      sight.disconnect();
      size.disconnect();
      plot.destroy();
    },
  };
}

/** The points in sight of every line, over steps that they share. Lines of the same run or group stand one behind the other. */
function points({ lines }: ChartPlan, tracks: readonly Series[], [from, to]: StepRange, width: number) {
  const owners = [...new Set(lines.map(({ owner }) => owner))];
  const groups = owners.map((owner) => {
    const own = tracks.filter((_, i) => lines[i].owner === owner);
    const { step } = own[0];
    // One row more on each side, so that lines run to the edge.
    const first = Math.max(0, firstRowAtOrAfter(step, from) - 1);
    const end = Math.min(step.length, firstRowAtOrAfter(step, to) + 2);
    return downsample(
      step,
      own.map(({ values }) => values),
      first,
      end,
      width,
    );
  });
  return align(groups);
}

/** The value at a step; of what is measured now and then, the last one until then. Beyond the end of a curve there is none. */
function valueAt({ look }: LinePlan, { step, values }: Series, at: number): number {
  let row = nearestRow(step, at);
  if (row < 0 || at > step[step.length - 1] + 1) return NaN;
  if (look === 'dots' || look === 'dashed') while (row > 0 && Number.isNaN(values[row])) row--;
  return values[row];
}
