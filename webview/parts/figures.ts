// The figures side by side, in large type.
import { h } from '../dom';
import type { Figure } from '../run/figures';

export function createFigures(): { readonly element: HTMLElement; show(figures: readonly Figure[]): void } {
  const element = h('dl', { class: 'figures' });
  let last = '';
  return {
    element,
    show(figures) {
      const key = JSON.stringify(figures);
      if (key === last) return;
      last = key;
      element.hidden = figures.length === 0;
      element.replaceChildren(
        ...figures.map(({ label, value, beside, text }) =>
          h('div', { title: text }, h('dt', {}, label), h('dd', {}, h('b', {}, value), h('span', {}, beside))),
        ),
      );
    },
  };
}
