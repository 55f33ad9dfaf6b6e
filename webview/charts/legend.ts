// The header of a chart: the title, and for each line a button that toggles it, with its value at the cursor or the
// last one.
import { h, set, setText } from '../ui/dom';
import { writers } from '../format';
import { t } from '../l10n';
import type { Theme } from '../ui/theme';
import { createToolbar } from '../ui/toolbar';
import { type ChartPlan, inLegend, type LinePlan } from './chartPlan';
import { lineColor } from './uplotOptions';
import { createLineSwatch } from './lineSwatch';

export interface Legend {
  readonly element: HTMLElement;
  /** Values in the order of the plan's lines. */
  show(values: readonly number[]): void;
  showHidden(hidden: ReadonlySet<string>): void;
  applyTheme(theme: Theme): void;
}

export function createLegend(plan: ChartPlan, level: 2 | 3, onToggle: (key: string) => void): Legend {
  const write = writers[plan.numberFormat];
  const entries = inLegend(plan.lines).map((line) => entryOf(line, onToggle));
  const unit = plan.unit === '' ? null : h('span', { class: 'unit' }, plan.unit);
  // A single line needs no label in addition to the title, and no toggle.
  const shown = entries.length === 1 ? [entries[0].value] : entries.map(({ button }) => button);
  const lines =
    entries.length === 1
      ? h('div', { class: 'entries' }, ...shown)
      : createToolbar(t('Lines in {0}', plan.title), { class: 'entries' }, ...shown);
  const note = plan.note === '' ? null : h('p', { class: 'note' }, plan.note);
  const title = h(level === 2 ? 'h2' : 'h3', { title: plan.tooltip }, plan.title, unit);
  return {
    element: h('div', { class: 'legend' }, title, lines, note),
    show: (values) => entries.forEach(({ line, value }) => setText(value, write(values[plan.lines.indexOf(line)]))),
    showHidden: (hidden) =>
      entries.forEach(({ line, button }) => set(button, { 'aria-pressed': String(!hidden.has(line.toggle)) })),
    applyTheme: (theme) =>
      entries.forEach(({ line, swatch }) => swatch.style.setProperty('--line', lineColor(line, theme))),
  };
}

function entryOf(line: LinePlan, onToggle: (key: string) => void) {
  const swatch = createLineSwatch(line);
  const value = h('span', { class: 'value' });
  const title = `${line.tooltip}\n${t('Click to show or hide.')}`.trim();
  const label = h('span', { class: 'label' }, line.label);
  const button = h(
    'button',
    { class: 'entry', type: 'button', title, onclick: () => onToggle(line.toggle) },
    swatch,
    label,
    value,
  );
  return { line, swatch, value, button };
}
