// The board of charts: one range of steps, one cursor and one drawing for all of them, at most once a frame.
import { h, setText } from '../ui/dom';
import { count } from '../format';
import { t } from '../l10n';
import { nearestRow } from '../curve/nearestStep';
import { type Theme, readTheme } from '../ui/theme';
import { createToolbar } from '../ui/toolbar';
import { createChart } from './chart';
import type { ChartPlan, Mark, CurveSource, StepRange } from './chartPlan';
import { nearestMark, moveCursor, clampZoom } from './navigation';

export interface Board {
  readonly element: HTMLElement;
  /** The curves have grown. */
  curvesChanged(): void;
  /** What stands in the place of a curve without rows. */
  showPlaceholder(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  /** Puts the cursor over a step, in sight. */
  moveCursorTo(step: number): void;
  setHidden(hidden: readonly string[]): void;
  themeChanged(): void;
  /** Lets go of what listens to the window. */
  dispose(): void;
}

export interface BoardView {
  readonly zoom: StepRange | null;
  /** What hides lines. */
  readonly hidden: readonly string[];
  /** Axes of values are logarithmic, as far as values are positive. */
  readonly log: boolean;
}

/** `tools` stand in the head of the main chart, which is the first of the plans. */
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
  let stepBelowPointer: (() => number) | null = null;
  let due: { readonly curves: boolean } | null = null;

  const steps = (): StepRange => zoom ?? source.span;
  const changed = () => onView({ zoom, hidden: [...hidden] });

  const draw = () => {
    const curves = due?.curves === true;
    due = null;
    if (stepBelowPointer !== null) cursor = stepBelowPointer();
    const row = cursor === null ? -1 : nearestRow(source.step, cursor);
    const at = row < 0 ? null : source.step[row];
    const { length } = source.step;
    for (const chart of charts) {
      if (!chart.visible || length === 0) continue;
      if (curves) chart.draw(source, steps(), view.log);
      chart.point(source, at);
    }
    element.classList.toggle('empty', length === 0);
    element.dataset.rows = String(length);
    if (length > 0) element.dataset.firstStep = String(source.step[0]);
    const mark = at === null ? undefined : nearestMark(marks, at, steps());
    const stretch = zoom === null ? '' : t('steps {0} to {1}', count(Math.ceil(zoom[0])), count(Math.floor(zoom[1])));
    setText(readout, at === null ? stretch : t('step {0}', count(at)));
    setText(happened, mark === undefined ? '' : t('step {0}: {1}', count(mark.step), mark.message));
    reset.hidden = zoom === null;
  };
  const schedule = (curves: boolean) => {
    if (due === null) requestAnimationFrame(draw);
    due = { curves: curves || due?.curves === true };
  };

  const setCursor = (step: number | null) => {
    stepBelowPointer = null;
    cursor = step;
    schedule(false);
  };
  const onPointer = (stepBelow: (() => number) | null) => {
    setCursor(null);
    stepBelowPointer = stepBelow;
  };
  const setZoom = (next: StepRange | null) => {
    zoom = next && clampZoom(next, source.span);
    changed();
    schedule(true);
  };
  const hideAll = () => {
    charts.forEach((chart) => chart.hide(hidden));
    schedule(true);
  };
  const toggle = (key: string) => {
    if (!hidden.delete(key)) hidden.add(key);
    changed();
    hideAll();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = moveCursor(event.key, event.shiftKey, source.step, cursor, steps());
    if (moved !== undefined) setCursor(moved);
    else if (event.key === '+' || event.key === '=') setZoom(around(0.5));
    else if (event.key === '-') setZoom(around(2));
    else if (event.key === '0') setZoom(null);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
  };
  const around = (factor: number): StepRange | null => {
    const [from, to] = steps();
    const [first, last] = source.span;
    const centre = cursor ?? (from + to) / 2;
    const next: StepRange = [centre - factor * (centre - from), centre + factor * (to - centre)];
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
  const happened = h('p', { class: 'happened' });
  const reset = h(
    'button',
    { class: 'link', type: 'button', hidden: true, onclick: () => setZoom(null) },
    t('Show all'),
  );
  const [main, ...small] = charts;
  const waiting = h('p', { class: 'waiting' });
  const keys = h(
    'p',
    { class: 'unseen', id: 'chart-keys' },
    t(
      'Arrow keys move the cursor, Home and End take it to the ends, plus and minus zoom, 0 shows all steps, Escape takes the cursor away.',
    ),
  );
  main.element.append(waiting, keys);
  main.element.querySelector('.stage')?.append(happened);
  main.legend.append(createToolbar(t('Curves'), { class: 'range' }, readout, reset, ...tools));
  const smaller = h('div', { class: 'small' }, ...small.map((chart) => chart.element));
  const element = h('div', { class: 'board' }, main.element, smaller);
  charts.forEach((chart) => {
    chart.hide(hidden);
    chart.applyTheme(theme);
  });
  schedule(true);
  return {
    element,
    curvesChanged: () => schedule(true),
    showPlaceholder: (text) => setText(waiting, text),
    setMarks(now) {
      marks = now;
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
      hideAll();
    },
    themeChanged() {
      theme = readTheme();
      charts.forEach((chart) => chart.applyTheme(theme));
    },
    dispose: () => charts.forEach((chart) => chart.dispose()),
  };
}
