// Elements in one expression. Nothing is ever parsed as HTML, and no element gets a style attribute: the page's policy forbids it.

export type Child = Node | string | null;
type Listener = (event: Event) => void;
type Attributes = Readonly<Record<string, string | number | boolean | null | Listener>>;

/** `onclick: f` listens to 'click'; true gives an empty attribute, false and null none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Attributes, ...children: Child[]): HTMLElementTagNameMap[K]; // prettier-ignore
export function h(tag: string, attributes?: Attributes, ...children: Child[]): HTMLElement;
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === false || value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : String(value)); // prettier-ignore
  }
}

/** Changes the text only where it differs, so that screen readers are not told of what they know. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** An icon of 16 x 16 units, filled with the colour of the text around it; decoration to a screen reader. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  set(svg, { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' });
  const shape = document.createElementNS(svgNamespace, 'path');
  set(shape, { d: path, 'fill-rule': 'evenodd' });
  svg.append(shape);
  return svg;
}
