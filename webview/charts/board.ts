// The board of charts: one range of steps, one cursor and one drawing for all of them, at most once a frame.
import { h, setText } from '../dom';
import { count } from '../format';
import { type Curve, nearestRow } from '../run/curve';
import { type Theme, readTheme } from '../theme';
import { createChart } from './chart';
import type { ChartPlan } from './plan';
import { movedCursor, type Steps, zoomed } from './view';

export interface Board {
  readonly element: HTMLElement;
  /** The curve has grown. */
  grown(): void;
  /** What stands in the place of a curve without rows. */
  say(text: string): void;
  themeChanged(): void;
  /** Lets go of what listens to the window. */
  dispose(): void;
}

export interface BoardView {
  readonly zoom: Steps | null;
  readonly hidden: readonly string[];
}

export function createBoard(
  plans: readonly ChartPlan[],
  curve: Curve,
  view: BoardView,
  onView: (view: BoardView) => void,
): Board {
  let theme: Theme = readTheme();
  let zoom = view.zoom;
  const hidden = new Set(view.hidden);
  let cursor: number | null = null;
  let stepBelowPointer: (() => number) | null = null;
  let due: { readonly curves: boolean } | null = null;

  const all = (): Steps => [curve.step[0] ?? 0, Math.max(curve.step.at(-1) ?? 1, (curve.step[0] ?? 0) + 1)];
  const steps = (): Steps => zoom ?? all();
  const changed = () => onView({ zoom, hidden: [...hidden] });

  const draw = () => {
    const curves = due?.curves === true;
    due = null;
    if (stepBelowPointer !== null) cursor = stepBelowPointer();
    const row = cursor === null ? -1 : nearestRow(curve.step, cursor);
    for (const chart of charts) {
      if (!chart.visible) continue;
      if (curves) chart.draw(curve, steps());
      chart.point(curve, row);
    }
    element.classList.toggle('empty', curve.length === 0);
    element.dataset.rows = String(curve.length);
    if (curve.length > 0) element.dataset.firstStep = String(curve.step[0]);
    const at = row < 0 ? '' : `step ${count(curve.step[row])}`;
    const stretch = zoom === null ? '' : `steps ${count(Math.ceil(zoom[0]))} to ${count(Math.floor(zoom[1]))}`;
    setText(readout, at || stretch);
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
  const setZoom = (next: Steps | null) => {
    zoom = next && zoomed(next, all());
    changed();
    schedule(true);
  };
  const toggle = (key: string) => {
    if (!hidden.delete(key)) hidden.add(key);
    changed();
    charts.forEach((chart) => chart.hide(hidden));
    schedule(true);
  };
  const onKey = (event: KeyboardEvent) => {
    const moved = movedCursor(event.key, event.shiftKey, curve.step, cursor, steps());
    if (moved !== undefined) setCursor(moved);
    else if (event.key === '+' || event.key === '-') setZoom(around(event.key === '+' ? 0.5 : 2));
    else if (event.key === '0') setZoom(null);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
  };
  const around = (factor: number): Steps | null => {
    const [from, to] = steps();
    const centre = cursor ?? (from + to) / 2;
    const next: Steps = [centre - factor * (centre - from), centre + factor * (to - centre)];
    return next[0] <= all()[0] && next[1] >= all()[1] ? null : next;
  };

  const events = { theme: () => theme, steps, onPointer, onZoom: setZoom, onKey, onToggle: toggle, onResize: () => schedule(true) }; // prettier-ignore
  const charts = plans.map((plan, i) => createChart(plan, i === 0, events));
  const readout = h('span', { class: 'readout' });
  const reset = h('button', { class: 'link', type: 'button', hidden: true, onclick: () => setZoom(null) }, 'Show all');
  const [main, ...small] = charts;
  const waiting = h('p', { class: 'waiting' });
  main.element.append(waiting);
  main.element.querySelector('.legend')?.append(h('div', { class: 'range' }, readout, reset));
  const element = h(
    'div',
    { class: 'board' },
    main.element,
    h('div', { class: 'small' }, ...small.map((chart) => chart.element)),
  );
  charts.forEach((chart) => {
    chart.hide(hidden);
    chart.colour(theme);
  });
  schedule(true);
  return {
    element,
    grown: () => schedule(true),
    say: (text) => setText(waiting, text),
    themeChanged() {
      theme = readTheme();
      charts.forEach((chart) => chart.colour(theme));
    },
    dispose: () => charts.forEach((chart) => chart.dispose()),
  };
}
