// The board of charts, which share the step range and the cursor and are redrawn at most once per frame.
import { h, setText } from '../ui/dom';
import { formatCount } from '../format';
import { t } from '../l10n';
import { nearestRow } from '../curve/nearestStep';
import { type Theme, readTheme } from '../ui/theme';
import { createToolbar } from '../ui/toolbar';
import { createChart } from './chart';
import type { ChartPlan, Mark, CurveSource, StepRange } from './chartPlan';
import { nearestMark, moveCursor, clampZoom } from './navigation';

export interface Board {
  readonly element: HTMLElement;
  /** Call this after rows were appended. */
  curvesChanged(): void;
  /** Text shown in place of charts without rows. */
  showPlaceholder(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  /** Moves the cursor to a step, showing all steps if the step is out of view. */
  moveCursorTo(step: number): void;
  setHidden(hidden: readonly string[]): void;
  themeChanged(): void;
  /** Removes observers and listeners. */
  dispose(): void;
}

export interface BoardView {
  readonly zoom: StepRange | null;
  /** Keys of hidden lines (`LinePlan.toggle` or column names). */
  readonly hidden: readonly string[];
  /** Logarithmic value axes, for charts with positive values. */
  readonly log: boolean;
}

/** The first plan is the main chart, whose header shows the `tools`. */
export function createBoard(
  plans: readonly ChartPlan[],
  source: CurveSource,
  view: BoardView,
  onView: (view: Pick<BoardView, 'zoom' | 'hidden'>) => void,
  tools: readonly HTMLElement[],
): Board {
  let theme: Theme = readTheme();
  let zoom = view.zoom;
  let marks: readonly Mark[] = [];
  const hidden = new Set(view.hidden);
  let cursor: number | null = null;
  let stepAtPointer: (() => number) | null = null;
  let pending: { readonly curves: boolean } | null = null;

  const steps = (): StepRange => zoom ?? source.span;
  const notifyView = () => onView({ zoom, hidden: [...hidden] });

  const draw = () => {
    const curves = pending?.curves === true;
    pending = null;
    if (stepAtPointer !== null) cursor = stepAtPointer();
    const row = cursor === null ? -1 : nearestRow(source.step, cursor);
    const at = row < 0 ? null : source.step[row];
    const { length } = source.step;
    for (const chart of charts) {
      if (!chart.visible || length === 0) continue;
      if (curves) chart.draw(source, steps(), view.log);
      chart.setCursor(source, at);
    }
    element.classList.toggle('empty', length === 0);
    element.dataset.rows = String(length);
    if (length > 0) element.dataset.firstStep = String(source.step[0]);
    const mark = at === null ? undefined : nearestMark(marks, at, steps());
    const zoomText =
      zoom === null ? '' : t('steps {0} to {1}', formatCount(Math.ceil(zoom[0])), formatCount(Math.floor(zoom[1])));
    setText(readout, at === null ? zoomText : t('step {0}', formatCount(at)));
    setText(markText, mark === undefined ? '' : t('step {0}: {1}', formatCount(mark.step), mark.message));
    reset.hidden = zoom === null;
  };
  const schedule = (curves: boolean) => {
    if (pending === null) requestAnimationFrame(draw);
    pending = { curves: curves || pending?.curves === true };
  };

  const setCursor = (step: number | null) => {
    stepAtPointer = null;
    cursor = step;
    schedule(false);
  };
  const onPointer = (getStep: (() => number) | null) => {
    setCursor(null);
    stepAtPointer = getStep;
  };
  const setZoom = (next: StepRange | null) => {
    zoom = next && clampZoom(next, source.span);
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
    const moved = moveCursor(event.key, event.shiftKey, source.step, cursor, steps());
    if (moved !== undefined) setCursor(moved);
    else if (event.key === '+' || event.key === '=') setZoom(zoomBy(0.5));
    else if (event.key === '-') setZoom(zoomBy(2));
    else if (event.key === '0') setZoom(null);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
  };
  const zoomBy = (factor: number): StepRange | null => {
    const [from, to] = steps();
    const [first, last] = source.span;
    const center = cursor ?? (from + to) / 2;
    const next: StepRange = [center - factor * (center - from), center + factor * (to - center)];
    return next[0] <= first && next[1] >= last ? null : next;
  };

  const events = {
    theme: () => theme,
    steps,
    marks: () => marks,
    onPointer,
    onZoom: setZoom,
    onKey,
    onToggle: toggle,
    onResize: () => schedule(true),
  };
  const charts = plans.map((plan, i) => createChart(plan, i, events));
  const readout = h('span', { class: 'readout' });
  const markText = h('p', { class: 'mark-text' });
  const reset = h(
    'button',
    { class: 'link', type: 'button', hidden: true, onclick: () => setZoom(null) },
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
  main.legend.append(createToolbar(t('Curves'), { class: 'range' }, readout, reset, ...tools));
  const smallCharts = h('div', { class: 'small' }, ...small.map((chart) => chart.element));
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
      marks = next;
      schedule(true);
    },
    moveCursorTo(step) {
      const [from, to] = steps();
      if (step < from || step > to) setZoom(null);
      setCursor(step);
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
    dispose: () => charts.forEach((chart) => chart.dispose()),
  };
}
