// Small controls in the editor's look: select boxes, toggle buttons and collapsible sections.
import { h, set } from './dom';

/** A native select element, for keyboard and screen reader support. */
export function createSelect<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  chosen: T,
  onChange: (value: T) => void,
): HTMLElement {
  const box = h(
    'select',
    { 'aria-label': label, title: label, 'data-name': label, onchange: () => onChange(box.value as T) },
    ...options.map(([value, text]) => h('option', { value, selected: value === chosen }, text)),
  );
  return box;
}

/** A button with an on and an off state. */
export function createToggleButton(
  label: string,
  title: string,
  on: boolean,
  onChange: (on: boolean) => void,
): HTMLElement {
  const button = h(
    'button',
    {
      class: 'toggle',
      type: 'button',
      title,
      'data-name': label,
      'aria-pressed': String(on),
      onclick: () => {
        const next = button.getAttribute('aria-pressed') !== 'true';
        set(button, { 'aria-pressed': String(next) });
        onChange(next);
      },
    },
    label,
  );
  return button;
}

/** A section that expands when its title is clicked. */
export function createCollapsible(
  name: string,
  title: string,
  open: boolean,
  onToggle: (open: boolean) => void,
  content: HTMLElement,
): HTMLDetailsElement {
  const element = h(
    'details',
    { class: `folded ${name}`, open, ontoggle: () => onToggle(element.open) },
    h('summary', {}, h('h2', {}, title)),
    content,
  );
  return element;
}
