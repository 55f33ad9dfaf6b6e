// A toolbar as the ARIA practices have it: one stop of the Tab key, and arrow keys from tool to tool.
import { type Child, h, set } from './dom';

const kinds = 'button, select, vscode-button';

/** Its tools are the buttons and boxes anywhere inside; those that are hidden are passed over. */
export function createToolbar(name: string, attributes: { readonly class: string }, ...children: Child[]): HTMLElement {
  const element = h('div', { ...attributes, role: 'toolbar', 'aria-label': name }, ...children);
  /** The tool that Tab comes to: the one that had the focus last, else the first. */
  let current: HTMLElement | undefined;
  let place = 0;
  let used = false;
  /** A tool has the focus, or had it until it went. */
  let focused = false;

  const tools = () =>
    [...element.querySelectorAll<HTMLElement>(kinds)].filter((tool) => tool.closest('[hidden]') === null);
  const stopAt = (tool: HTMLElement | undefined) => {
    const all = tools();
    current = tool;
    if (tool !== undefined) place = all.indexOf(tool);
    // A host with a negative tabindex takes what is inside of its shadow out of the order of Tab, too.
    for (const each of element.querySelectorAll(kinds)) set(each, { tabindex: each === current ? 0 : -1 });
  };
  const keepOneStop = () => {
    const all = tools();
    if (used && current !== undefined && all.includes(current)) return;
    stopAt(all[used ? Math.min(place, all.length - 1) : 0]);
    // What takes the place of a button that goes, as Resume does of Pause, takes its focus too, unless that is elsewhere by now.
    const { activeElement } = document;
    if (focused && (activeElement === document.body || element.contains(activeElement))) current?.focus();
  };
  element.addEventListener('focusin', ({ target }) => {
    const tool = tools().find((each) => each === target);
    if (tool === undefined) return;
    focused = true;
    used = true;
    stopAt(tool);
  });
  element.addEventListener('focusout', ({ target }) => {
    if (tools().find((each) => each === target) !== undefined) focused = false;
  });
  element.addEventListener('keydown', (event) => {
    if (!Object.hasOwn(moves, event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = tools();
    const to = moves[event.key as keyof typeof moves](
      all.findIndex((tool) => tool === event.target),
      all.length,
    );
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  });
  new MutationObserver(keepOneStop).observe(element, { subtree: true, childList: true, attributeFilter: ['hidden'] });
  keepOneStop();
  return element;
}

/** From the i-th of n; both ends are neighbours. Up and down stay with boxes, which change their value by them. */
const moves = {
  ArrowLeft: (i: number) => i - 1,
  ArrowRight: (i: number) => i + 1,
  Home: () => 0,
  End: (_: number, n: number) => n - 1,
} as const;
