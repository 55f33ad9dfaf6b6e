// Small controls in the editor's look: select boxes, toggle buttons and collapsible sections.
import { h, icon, set } from './dom';
import { icons } from './icons';

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

/** A button with three dots or sliders that shows and hides `target`, which a narrow page has no room for. */
export function createDisclosure(
  label: string,
  path: 'more' | 'settings',
  target: HTMLElement,
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  const show = (next: boolean) => {
    set(button, { 'aria-expanded': String(next) });
    target.classList.toggle('open', next);
  };
  const button = h(
    'vscode-button',
    {
      appearance: 'icon',
      class: 'disclosure',
      'aria-label': label,
      title: label,
      onclick() {
        const next = button.getAttribute('aria-expanded') !== 'true';
        show(next);
        onToggle(next);
      },
    },
    icon(icons[path]),
  );
  target.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key !== 'Escape' || !target.classList.contains('open')) return;
    show(false);
    onToggle(false);
    button.focus();
  });
  show(open);
  return button;
}
