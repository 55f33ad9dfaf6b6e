// A toolbar after the ARIA authoring practices: a single Tab stop, and arrow keys move between the tools.
import { type Child, h, set } from './dom';

const toolSelector = 'button, select, vscode-button';

/** The tools are all buttons and select boxes inside; hidden ones are skipped. */
export function createToolbar(name: string, attributes: { readonly class: string }, ...children: Child[]): HTMLElement {
  const element = h('div', { ...attributes, role: 'toolbar', 'aria-label': name }, ...children);
  /** The Tab stop: the tool that last had the focus, or the first. */
  let current: HTMLElement | undefined;
  let index = 0;
  let used = false;
  /** A tool has the focus, or had it when it was hidden or removed. */
  let focused = false;

  // Narrow pages hide some tools by their style.
  const tools = () =>
    [...element.querySelectorAll<HTMLElement>(toolSelector)].filter(
      (tool) => tool.closest('[hidden]') === null && (!element.checkVisibility() || tool.checkVisibility()),
    );
  const setTabStop = (tool: HTMLElement | undefined) => {
    const all = tools();
    current = tool;
    if (tool !== undefined) index = all.indexOf(tool);
    // A negative tabindex on a shadow host also removes the elements in its shadow tree from the Tab order.
    for (const each of element.querySelectorAll(toolSelector)) set(each, { tabindex: each === current ? 0 : -1 });
  };
  const updateTabStop = () => {
    const all = tools();
    if (used && current !== undefined && all.includes(current)) return;
    setTabStop(all[used ? Math.min(index, all.length - 1) : 0]);
    // A button that replaces the focused one (Resume for Pause) gets the focus, unless the focus has moved elsewhere.
    const { activeElement } = document;
    if (focused && (activeElement === document.body || element.contains(activeElement))) current?.focus();
  };
  element.addEventListener('focusin', ({ target }) => {
    const tool = tools().find((each) => each === target);
    if (tool === undefined) return;
    focused = true;
    used = true;
    setTabStop(tool);
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
  new MutationObserver(updateTabStop).observe(element, { subtree: true, childList: true, attributeFilter: ['hidden'] });
  new ResizeObserver(updateTabStop).observe(element);
  updateTabStop();
  return element;
}

/** Index of the next tool, from the i-th of n, wrapping around. Up and Down are left to select boxes. */
const moves = {
  ArrowLeft: (i: number) => i - 1,
  ArrowRight: (i: number) => i + 1,
  Home: () => 0,
  End: (_: number, n: number) => n - 1,
} as const;
