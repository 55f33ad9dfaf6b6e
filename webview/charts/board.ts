// The board of charts, which share the x axis and the cursor and are redrawn at most once per frame.
import { h, setText } from '../ui/dom';
import { formatCount } from '../format';
import type { MonitorNotice } from '../../src/protocol/monitor';
import { t } from '../l10n';
import { nearestRow } from '../curve/nearestStep';
import { type Theme, readTheme } from '../ui/theme';
import { createToolbar } from '../ui/toolbar';
import { createDisclosure } from '../ui/widgets';
import { createChart } from './chart';
import { layOutGrid } from './chartGrid';
import { type ChartPlan, type CurveSource, inLegend, type Mark, type XRange } from './chartPlan';
import { clampZoom, moveCursor, nearestMark, panBy, panTo, zoomBy } from './navigation';
import { positionOn, rangeOn } from './xAxis';

export interface Board {
  readonly element: HTMLElement;
  /** Call this after rows were appended. */
  curvesChanged(): void;
  /** Text shown in place of charts without rows. */
  showPlaceholder(text: string): void;
  setMarks(marks: readonly MonitorNotice[]): void;
  /** Moves the cursor to a step, showing all steps if the step is out of view. */
  moveCursorTo(step: number): void;
  setHidden(hidden: readonly string[]): void;
  themeChanged(): void;
  /** Removes observers and listeners. */
  dispose(): void;
}

export interface BoardView {
  readonly zoom: XRange | null;
  /** Keys of hidden lines (`LinePlan.toggle` or column names). */
  readonly hidden: readonly string[];
  /** Logarithmic value axes, for charts with positive values. */
  readonly log: boolean;
  /** Whether a narrow page shows the tools of the charts. */
  readonly toolsOpen: boolean;
}

/** Milliseconds between two updates of the texts of charts that are out of view. */
const describeEveryMs = 1000;

/** The first plan is the main chart, whose header shows the `tools`. */
export function createBoard(
  plans: readonly ChartPlan[],
  source: CurveSource,
  view: BoardView,
  onView: (view: Partial<BoardView>) => void,
  tools: readonly HTMLElement[],
): Board {
  let theme: Theme = readTheme();
  let zoom = view.zoom;
  let notices: readonly MonitorNotice[] = [];
  let marks: readonly Mark[] = [];
  const hidden = new Set(view.hidden);
  let cursor: number | null = null;
  let positionOfPointer: (() => number) | null = null;
  let pending: { readonly curves: boolean } | null = null;

  const { axis } = source;
  const shownRange = (): XRange => zoom ?? source.span;
  /** The position of a step; NaN if it is unknown. */
  const xOf = (step: number): number => {
    if (axis === 'step') return step;
    return source.step === null ? NaN : (source.x[nearestRow(source.step, step)] ?? NaN);
  };
  const notifyView = () => onView({ zoom, hidden: [...hidden] });

  const cursorPosition = (): number | null => {
    const row = cursor === null ? -1 : nearestRow(source.x, cursor);
    return row < 0 ? null : source.x[row];
  };
  let describing: ReturnType<typeof setTimeout> | undefined;
  const describeUnseen = () => {
    describing = undefined;
    for (const chart of charts) if (!chart.visible) chart.describe(source, shownRange(), cursorPosition());
  };

  const draw = () => {
    const curves = pending?.curves === true;
    pending = null;
    if (positionOfPointer !== null) cursor = positionOfPointer();
    const at = cursorPosition();
    const row = at === null ? -1 : nearestRow(source.x, at);
    const { length } = source.x;
    marks = notices.map((notice) => ({ ...notice, x: xOf(notice.step) })).filter(({ x }) => !Number.isNaN(x));
    for (const chart of charts) {
      if (!chart.visible || length === 0) continue;
      if (curves) chart.draw(source, shownRange(), view.log);
      chart.setCursor(source, at);
    }
    if (length > 0 && charts.some((chart) => !chart.visible))
      describing ??= setTimeout(describeUnseen, describeEveryMs);
    element.classList.toggle('empty', length === 0);
    element.dataset.rows = String(length);
    if (length > 0) element.dataset.firstStep = String(source.step?.[0] ?? '');
    const mark = at === null ? undefined : nearestMark(marks, at, shownRange());
    const zoomText = zoom === null ? '' : rangeOn(axis, zoom);
    const step = axis === 'step' || row < 0 ? undefined : source.step?.[row];
    const stepText = step === undefined ? '' : ` · ${t('step {0}', formatCount(step))}`;
    setText(readout, at === null ? zoomText : `${positionOn(axis, at)}${stepText}`);
    setText(markText, mark === undefined ? '' : t('step {0}: {1}', formatCount(mark.step), mark.message));
    reset.hidden = zoom === null;
  };
  const schedule = (curves: boolean) => {
    if (pending === null) requestAnimationFrame(draw);
    pending = { curves: curves || pending?.curves === true };
  };

  const setCursor = (position: number | null) => {
    positionOfPointer = null;
    cursor = position;
    schedule(false);
  };
  const onPointer = (getPosition: (() => number) | null) => {
    setCursor(null);
    positionOfPointer = getPosition;
  };
  const setZoom = (next: XRange | null) => {
    zoom = next && clampZoom(next, source.span, axis === 'step' ? 1 : (source.span[1] - source.span[0]) / 1000);
    notifyView();
    schedule(true);
  };
  const applyHidden = () => {
    charts.forEach((chart) => chart.setHidden(hidden));
    schedule(true);
  };
  const toggle = (key: string) => {
    if (!hidden.delete(key)) hidden.add(key);
    notifyView();
    applyHidden();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = moveCursor(event.key, event.shiftKey, source.x, cursor, shownRange());
    if (moved !== undefined) {
      if (zoom !== null) setZoom(panTo(zoom, moved));
      setCursor(moved);
    } else if (event.key === '+' || event.key === '=') scale(0.5, cursor);
    else if (event.key === '-') scale(2, cursor);
    else if (event.key === '0') setZoom(null);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
  };
  const scale = (factor: number, about: number | null) => {
    const [from, to] = shownRange();
    setZoom(zoomBy(factor, about ?? (from + to) / 2, [from, to], source.span));
  };
  const pan = (share: number) => {
    if (zoom !== null) setZoom(panBy(zoom, source.span, share * (zoom[1] - zoom[0])));
  };

  const events = {
    theme: () => theme,
    axis,
    shown: shownRange,
    marks: () => marks,
    onPointer,
    onZoom: setZoom,
    onPan: pan,
    onScale: scale,
    onKey,
    onToggle: toggle,
    onResize: () => schedule(true),
  };
  const charts = plans.map((plan, i) => createChart(plan, i, events));
  const readout = h('span', { class: 'readout' });
  const markText = h('p', { class: 'mark-text' });
  const reset = h(
    'button',
    {
      ...{ class: 'link', type: 'button', hidden: true, onclick: () => setZoom(null) },
      title: t('Hold Shift and drag a chart, or scroll it sideways, to move along the curves.'),
    },
    t('Show all'),
  );
  const [main, ...small] = charts;
  const placeholder = h('p', { class: 'placeholder' });
  const keyHelp = h(
    'p',
    { class: 'visually-hidden', id: 'chart-keys' },
    t(
      'Arrow keys move the cursor, Home and End jump to the first and last step, plus and minus zoom, ' +
        '0 shows all steps, Escape hides the cursor.',
    ),
  );
  main.element.append(placeholder, keyHelp);
  main.element.querySelector('.stage')?.append(markText);
  const toolsElement = h('span', { class: 'chart-tools' }, ...tools);
  const disclosure = createDisclosure(t('Chart options'), 'settings', toolsElement, view.toolsOpen, (toolsOpen) =>
    onView({ toolsOpen }),
  );
  main.legend.append(createToolbar(t('Curves'), { class: 'range' }, readout, reset, disclosure, toolsElement));
  const smallCharts = h('div', { class: 'small' }, ...small.map((chart) => chart.element));
  // Lines of a run have values in the legend; those of compared runs are in the legend of the main chart.
  const wide = small.filter((_, i) => inLegend(plans[i + 1].lines).filter(({ owner }) => owner === '').length > 2);
  wide.forEach((chart) => chart.element.classList.add('wide'));
  const stopLayout = layOutGrid(smallCharts, small.length, wide.length);
  const element = h('div', { class: 'board' }, main.element, smallCharts);
  charts.forEach((chart) => {
    chart.setHidden(hidden);
    chart.applyTheme(theme);
  });
  schedule(true);
  return {
    element,
    curvesChanged: () => schedule(true),
    showPlaceholder: (text) => setText(placeholder, text),
    setMarks(next) {
      notices = next;
      schedule(true);
    },
    moveCursorTo(step) {
      const [from, to] = shownRange();
      const x = xOf(step);
      if (x < from || x > to) setZoom(null);
      setCursor(x);
    },
    setHidden(keys) {
      hidden.clear();
      keys.forEach((key) => hidden.add(key));
      applyHidden();
    },
    themeChanged() {
      theme = readTheme();
      charts.forEach((chart) => chart.applyTheme(theme));
    },
    dispose() {
      stopLayout();
      clearTimeout(describing);
      charts.forEach((chart) => chart.dispose());
    },
  };
}
