// One chart: a legend over a plot, drawn by uPlot from points that were thinned to its width.
import uPlot from 'uplot';
import { h, set } from '../dom';
import { count, writers } from '../format';
import { type Curve, firstRowFrom } from '../run/curve';
import type { Theme } from '../theme';
import { createLegend } from './legend';
import { chartOptions } from './options';
import type { ChartPlan, LinePlan } from './plan';
import { type Range, valueRange } from './range';
import { thin } from './thin';

export interface Chart {
  readonly plan: ChartPlan;
  readonly element: HTMLElement;
  /** False while it is scrolled out of sight or has no size: it need not be drawn. */
  readonly visible: boolean;
  /** Draws the curve as far as it is there, over the steps that the board shows. */
  draw(curve: Curve, steps: readonly [from: number, to: number]): void;
  /** Puts the cursor over a row, and its values into the legend; −1 takes the cursor away and shows the last values. */
  point(curve: Curve, row: number): void;
  hide(hidden: ReadonlySet<string>): void;
  colour(theme: Theme): void;
  dispose(): void;
}

export interface ChartEvents {
  readonly theme: () => Theme;
  readonly steps: () => readonly [from: number, to: number];
  /** The pointer is over the step that the function tells, also after the axis has changed below it; null when it has left. */
  readonly onPointer: (stepBelow: (() => number) | null) => void;
  readonly onZoom: (steps: readonly [from: number, to: number] | null) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onToggle: (key: string) => void;
  /** Came into sight, or changed its size. */
  readonly onResize: () => void;
}

export function createChart(plan: ChartPlan, main: boolean, events: ChartEvents): Chart {
  const legend = createLegend(plan, main ? 2 : 3, events.onToggle);
  // A slider to assistive technology: the arrow keys move the cursor, and its text is what the curves say there.
  const place = h('div', { class: 'plot', tabindex: 0, role: 'slider', 'aria-label': `${plan.title} by step`, onkeydown: (event) => events.onKey(event as KeyboardEvent) }); // prettier-ignore
  const element = h('section', { class: main ? 'chart main' : 'chart', 'aria-label': plan.title }, legend.element, place); // prettier-ignore
  let values: Range = [0, 1];
  let hiddenKeys: ReadonlySet<string> = new Set();
  const hooks = {
    values: () => values,
    theme: events.theme,
    steps: events.steps,
    onSelect: (left: number, width: number) => {
      if (width === 0) return;
      events.onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    },
    onReset: () => events.onZoom(null),
  };
  const empty = [[], ...plan.lines.map(() => [])] as unknown as uPlot.AlignedData;
  const plot = new uPlot(chartOptions(plan, main, hooks, 300, 100), empty, place);
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

  const valuesAt = (curve: Curve, row: number) => plan.lines.map((line) => valueAt(curve, line, row));
  return {
    plan,
    element,
    get visible() {
      return visible;
    },
    draw(curve, [from, to]) {
      // One row more on each side, so that lines run to the edge.
      const first = Math.max(0, firstRowFrom(curve.step, from) - 1);
      const end = Math.min(curve.length, firstRowFrom(curve.step, to) + 2);
      const { x, ys } = thin(curve.step, plan.lines.map((line) => column(curve, line)), first, end, place.clientWidth); // prettier-ignore
      values = valueRange(plan, ys, hiddenKeys);
      plot.batch(() => plot.setData([x, ...ys] as uPlot.AlignedData, true));
    },
    point(curve, row) {
      const shown = row < 0 ? plan.lines.map((line) => lastOf(curve, line)) : valuesAt(curve, row);
      legend.show(shown);
      const last = curve.length - 1;
      const at = row < 0 ? last : row;
      plot.setCursor(row < 0 ? { left: -10, top: -10 } : { left: plot.valToPos(curve.step[row], 'x'), top: 0 }, false);
      if (at < 0) return;
      const write = writers[plan.numbers];
      const spoken = plan.lines.map(({ label }, i) => `${label} ${write(shown[i])}`).join(', ');
      set(place, { 'aria-valuemin': curve.step[0], 'aria-valuemax': curve.step[last], 'aria-valuenow': curve.step[at], 'aria-valuetext': `step ${count(curve.step[at])}: ${spoken}` }); // prettier-ignore
    },
    hide(hidden) {
      hiddenKeys = new Set(hidden);
      legend.showHidden(hidden);
      plan.lines.forEach(({ key }, i) => {
        if (plot.series[i + 1].show === hidden.has(key)) plot.setSeries(i + 1, { show: !hidden.has(key) });
      });
    },
    colour(theme) {
      legend.colour(theme);
      plot.redraw(false, true);
    },
    dispose() {
      sight.disconnect();
      size.disconnect();
      plot.destroy();
    },
  };
}

const column = (curve: Curve, { column: name, smooth }: LinePlan) => (smooth ? curve.smooth(name) : curve.raw(name));

/** The value at a row; of what is measured now and then, the last one until then. */
function valueAt(curve: Curve, line: LinePlan, row: number): number {
  const values = column(curve, line);
  if (line.look !== 'dots' && line.look !== 'dashed') return values[row];
  let at = row;
  while (at > 0 && Number.isNaN(values[at])) at--;
  return values[at];
}

const lastOf = (curve: Curve, line: LinePlan): number =>
  line.smooth ? (curve.smooth(line.column).at(-1) ?? NaN) : curve.last(line.column);
