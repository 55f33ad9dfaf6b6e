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

/**
 * A button with three dots or sliders that shows and hides `target`, which a narrow page has no room for. Like a menu,
 * it closes on Escape, on a click elsewhere, when it loses the focus, and after an action.
 */
export function createDisclosure(
  label: string,
  path: 'more' | 'settings',
  target: HTMLElement,
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  let shown = new AbortController();
  const isInside = (node: EventTarget | null) =>
    node instanceof Node && (button.contains(node) || target.contains(node));
  const show = (next: boolean) => {
    set(button, { 'aria-expanded': String(next) });
    target.classList.toggle('open', next);
    shown.abort();
    if (!next) return;
    shown = new AbortController();
    const { signal } = shown;
    const closeUnless = (inside: boolean) => {
      // The page may have replaced an open one.
      if (!button.isConnected) shown.abort();
      else if (!inside) close();
    };
    document.addEventListener('click', (event) => closeUnless(isInside(event.target)), { signal, capture: true });
    document.addEventListener('focusin', (event) => closeUnless(isInside(event.target)), { signal });
    window.addEventListener('blur', () => closeUnless(false), { signal });
  };
  const close = () => {
    const hadFocus = target.contains(document.activeElement);
    show(false);
    onToggle(false);
    if (hadFocus) button.focus();
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
  const isOpen = () => target.classList.contains('open');
  for (const each of [button, target])
    each.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key === 'Escape' && isOpen()) close();
    });
  // Settings may be changed one after another; actions are buttons.
  target.addEventListener('click', (event) => {
    if (isOpen() && (event.target as Element).closest('vscode-button') !== null) close();
  });
  show(open);
  return button;
}
