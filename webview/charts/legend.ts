// The head of a chart: its title, and for each line a button that hides it, with the value at the cursor or the last one.
import { h, set, setText } from '../dom';
import { writers } from '../format';
import type { Theme } from '../theme';
import { lineColour } from './options';
import { type ChartPlan, inLegend } from './plan';

export interface Legend {
  readonly element: HTMLElement;
  /** Values in the order of the plan's lines. */
  show(values: readonly number[]): void;
  showHidden(hidden: ReadonlySet<string>): void;
  colour(theme: Theme): void;
}

export function createLegend(plan: ChartPlan, level: 2 | 3, onToggle: (key: string) => void): Legend {
  const write = writers[plan.numbers];
  const entries = plan.lines.map((line) => {
    const swatch = h('span', { class: `swatch ${line.look}`, 'aria-hidden': 'true' });
    const value = h('span', { class: 'value' });
    const button = h(
      'button',
      { class: 'entry', type: 'button', title: `${line.text}\nClick to hide or show.`.trim(), onclick: () => onToggle(line.key) },
      swatch,
      h('span', { class: 'label' }, line.label),
      value,
    ); // prettier-ignore
    return { line, swatch, value, button };
  });
  const single = entries.length === 1;
  const unit = plan.unit === '' ? null : h('span', { class: 'unit' }, plan.unit);
  const element = h(
    'div',
    { class: 'legend' },
    h(level === 2 ? 'h2' : 'h3', { title: plan.text }, plan.title, unit),
    // Named in another order than drawn. A single line needs no name beside the title's, and hiding it would leave nothing.
    h(
      'div',
      { class: 'entries' },
      ...(single ? [entries[0].value] : inLegend(plan.lines).map((line) => entries[plan.lines.indexOf(line)].button)),
    ),
  );
  return {
    element,
    show: (values) => entries.forEach(({ value }, i) => setText(value, write(values[i]))),
    showHidden: (hidden) => entries.forEach(({ line, button }) => set(button, { 'aria-pressed': String(!hidden.has(line.key)) })), // prettier-ignore
    colour: (theme) => entries.forEach(({ line, swatch }) => swatch.style.setProperty('--line', lineColour(line, theme))), // prettier-ignore
  };
}
