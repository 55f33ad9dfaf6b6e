// Creates DOM elements. Nothing is parsed as HTML, no element gets a style attribute (the CSP forbids it), and control
// and
// bidirectional characters in text are escaped.
import { cleanLines } from '../../src/shared/text';

export type Child = Node | string | null;
type Listener = (event: Event) => void;
type Attributes = Readonly<Record<string, string | number | boolean | null | Listener>>;

/** Creates an element. `onclick: f` listens to 'click'; true sets an empty attribute, false and null remove it. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[K];
export function h(tag: string, attributes?: Attributes, ...children: Child[]): HTMLElement;
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  set(element, attributes);
  append(element, children);
  return element;
}

const append = (element: Element, children: readonly Child[]) =>
  element.append(
    ...children
      .filter((child) => child !== null)
      .map((child) => (typeof child === 'string' ? cleanLines(child) : child)),
  );

export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === false || value === null) element.removeAttribute(name);
    else {
      const text = value === true ? '' : cleanLines(String(value));
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
}

/** Sets the text only if it differs, so that screen readers do not repeat it. */
export function setText(element: Element, text: string): void {
  const shown = cleanLines(text);
  if (element.textContent !== shown) element.textContent = shown;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(element, attributes);
  append(element, children);
  return element;
}

/** A dotted name that may wrap after its dots. */
export const breakable = (name: string): Child[] =>
  name.split(/(?<=\.)/).flatMap((part, i) => (i === 0 ? [part] : [h('wbr'), part]));

/** A 16 x 16 icon in the color of the surrounding text, hidden from screen readers. */
export const icon = (path: string): SVGElement =>
  svg(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' },
    svg('path', { d: path, 'fill-rule': 'evenodd' }),
  );

/** Runs `work`, which may replace elements, and restores the focus to the element with the same name. */
export function keepFocus(work: () => void): void {
  const { activeElement } = document;
  const path = ['data-name', 'aria-label'].flatMap((attribute) => {
    const name = activeElement?.getAttribute(attribute);
    return name ? [`[${attribute}="${CSS.escape(name)}"]`] : [];
  })[0];
  work();
  if (path !== undefined && !activeElement?.isConnected) document.querySelector<HTMLElement>(path)?.focus();
}
