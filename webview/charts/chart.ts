// One chart: a legend above a plot, which uPlot draws from points downsampled to its width.
import uPlot from 'uplot';
import { h, set, setText } from '../ui/dom';
import { writers } from '../format';
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
  type XRange,
  type Series,
} from './chartPlan';
import { createLegend } from './legend';
import { uplotOptions } from './uplotOptions';
import { supportsLogAxis, toLog10, type ValueRange, valueRange } from './valueRange';
import { chartSummary } from './chartSummary';
import { downsample } from './downsample';
import { positionOn, rangeOn, type XAxis } from './xAxis';

export interface Chart {
  readonly element: HTMLElement;
  /** The header of the chart, to which tools can be added. */
  readonly legend: HTMLElement;
  /** False while the chart is scrolled out of view or has no size, so that it need not be drawn. */
  readonly visible: boolean;
  /** Draws the curves over the range that the board shows. */
  draw(source: CurveSource, shown: XRange, log: boolean): void;
  /**
   * Updates the texts alone, which screen readers also read of a chart that is out of view; `at` as for `setCursor`.
   */
  describe(source: CurveSource, shown: XRange, at: number | null): void;
  /** Shows the cursor at a position with its values in the legend; null hides the cursor and shows the last values. */
  setCursor(source: CurveSource, at: number | null): void;
  setHidden(hidden: ReadonlySet<string>): void;
  applyTheme(theme: Theme): void;
  dispose(): void;
}

export interface ChartEvents {
  readonly theme: () => Theme;
  readonly axis: XAxis;
  readonly shown: () => XRange;
  readonly marks: () => readonly Mark[];
  /** The function returns the position of the pointer, also after the axis has changed; null when it has left. */
  readonly onPointer: (positionOfPointer: (() => number) | null) => void;
  readonly onZoom: (range: XRange | null) => void;
  /** The user moves the visible range by this share of it, positive to later steps. */
  readonly onPan: (share: number) => void;
  /** The user scales the visible range by a factor about a position. */
  readonly onScale: (factor: number, center: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onToggle: (key: string) => void;
  /** The chart came into view or changed its sizeObserver. */
  readonly onResize: () => void;
}

/** `index` is the position on the board; the first chart is the main one. */
export function createChart(plan: ChartPlan, index: number, events: ChartEvents): Chart {
  const main = index === 0;
  const legend = createLegend(plan, main ? 2 : 3, events.onToggle);
  const summary = h('p', { class: 'visually-hidden', id: `summary-${index}` });
  // A slider to assistive technology: arrow keys move the cursor, and the value text reads out the curves.
  const plotElement = h('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-label': events.axis === 'step' ? t('{0} by step', plan.title) : t('{0} by time', plan.title),
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
    h('div', { class: 'stage' }, plotElement),
    summary,
  );
  let range: ValueRange = [0, 1];
  let isLogAxis = false;
  let series: readonly Series[] = [];
  let hiddenKeys: ReadonlySet<string> = new Set();
  const hooks = {
    range: () => range,
    log: () => isLogAxis,
    theme: events.theme,
    axis: events.axis,
    shown: events.shown,
    marks: events.marks,
    onSelect: (left: number, width: number) => {
      if (width === 0) return;
      events.onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    },
    onReset: () => events.onZoom(null),
  };
  const empty = [[], ...plan.lines.map(() => [])] as unknown as uPlot.AlignedData;
  const plot = new uPlot(uplotOptions(plan, main, hooks), empty, plotElement);
  plot.over.addEventListener('mousemove', ({ offsetX }) => events.onPointer(() => plot.posToVal(offsetX, 'x')));
  plot.over.addEventListener('mouseleave', () => events.onPointer(null));
  listenForMoves(plot.over, events, (x) => plot.posToVal(x, 'x'));
  let visible = false;
  // The margin lets a chart be drawn before it is scrolled into view.
  const visibilityObserver = new IntersectionObserver(
    (entries) => {
      visible = entries.at(-1)!.isIntersecting;
      if (visible) events.onResize();
    },
    { rootMargin: '300px' },
  );
  const sizeObserver = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = plotElement;
    if (width > 0 && height > 0) plot.setSize({ width, height });
    events.onResize();
  });
  visibilityObserver.observe(plotElement);
  sizeObserver.observe(plotElement);

  /** Reads the curves; returns the points to draw. */
  const read = (source: CurveSource, shown: XRange) => {
    const width = Math.max(1, plotElement.clientWidth);
    series = plan.lines.map((line) => source.series(line, shown, width));
    const found = points(plan, series, shown, width);
    setText(summary, chartSummary(plan, found.ys, plan.lines.map(source.last), rangeOn(source.axis, shown)));
    return found;
  };
  const showValues = (source: CurveSource, position: number | null) => {
    const shown =
      position === null ? plan.lines.map(source.last) : plan.lines.map((line, i) => valueAt(line, series[i], position));
    legend.show(shown);
    const [first, last] = source.span;
    const at = position ?? last;
    const write = writers[plan.numberFormat];
    const valueTexts = inLegend(plan.lines).map((line) => `${line.label} ${write(shown[plan.lines.indexOf(line)])}`);
    set(plotElement, {
      'aria-valuemin': first,
      'aria-valuemax': last,
      'aria-valuenow': at,
      'aria-valuetext': `${positionOn(source.axis, at)}: ${valueTexts.join(', ')}`,
    });
  };

  return {
    element,
    legend: legend.element,
    get visible() {
      return visible;
    },
    draw(source, shown, log) {
      const { x, ys } = read(source, shown);
      isLogAxis = log && supportsLogAxis(plan, ys);
      element.classList.toggle('log', isLogAxis);
      const drawn = isLogAxis ? ys.map(toLog10) : ys;
      range = valueRange(plan, drawn, hiddenKeys, isLogAxis);
      plot.batch(() => plot.setData([x, ...drawn] as uPlot.AlignedData, true));
    },
    describe(source, shown, at) {
      read(source, shown);
      showValues(source, at);
    },
    setCursor(source, position) {
      showValues(source, position);
      plot.setCursor(
        position === null ? { left: -10, top: -10 } : { left: plot.valToPos(position, 'x'), top: 0 },
        false,
      );
    },
    setHidden(hidden) {
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
      visibilityObserver.disconnect();
      sizeObserver.disconnect();
      plot.destroy();
    },
  };
}

/**
 * Shift and drag, or a sideways wheel, moves the visible range; a wheel with Control, and two fingers on a touchpad,
 * scale it. A plain wheel scrolls the page.
 */
function listenForMoves(area: HTMLElement, { onPan, onScale }: ChartEvents, valueAtX: (x: number) => number): void {
  area.addEventListener('pointerdown', (event) => {
    if (event.shiftKey && event.button === 0) area.setPointerCapture(event.pointerId);
  });
  area.addEventListener('pointermove', ({ pointerId, movementX }) => {
    if (area.hasPointerCapture(pointerId)) onPan(-movementX / area.clientWidth);
  });
  area.addEventListener(
    'wheel',
    (event) => {
      const { deltaX, deltaY, shiftKey, offsetX } = event;
      const sideways = shiftKey && deltaX === 0 ? deltaY : deltaX;
      if (event.ctrlKey || event.metaKey) onScale(2 ** (deltaY / 200), valueAtX(offsetX));
      else if (Math.abs(sideways) > (shiftKey ? 0 : Math.abs(deltaY))) onPan(sideways / area.clientWidth);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}

/** The visible points of all lines on a common axis. Lines of the same owner must be adjacent. */
function points({ lines }: ChartPlan, series: readonly Series[], [from, to]: XRange, width: number) {
  const owners = [...new Set(lines.map(({ owner }) => owner))];
  const groups = owners.map((owner) => {
    const own = series.filter((_, i) => lines[i].owner === owner);
    const { x } = own[0];
    // One more row on each side, so that lines extend to the edge.
    const first = Math.max(0, firstRowAtOrAfter(x, from) - 1);
    const end = Math.min(x.length, firstRowAtOrAfter(x, to) + 2);
    return downsample(
      x,
      own.map(({ values }) => values),
      first,
      end,
      width,
    );
  });
  return align(groups);
}

/** The value at a position, for sparse columns the last value up to it; NaN beyond the end of the curve. */
function valueAt({ look }: LinePlan, { x, values }: Series, at: number): number {
  let row = nearestRow(x, at);
  const spacing = x.length > 1 ? x[x.length - 1] - x[x.length - 2] : 1;
  if (row < 0 || at > x[x.length - 1] + spacing) return NaN;
  if (look === 'dots' || look === 'dashed') while (row > 0 && Number.isNaN(values[row])) row--;
  return values[row];
}
