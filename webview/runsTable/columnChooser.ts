// The list of all columns, each with a checkbox.
import { t } from '../l10n';
import { h, setText } from '../ui/dom';
import type { Column, ColumnKey } from './columns';

export interface ColumnChooser {
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  show(all: readonly Column[], shown: readonly Column[]): void;
}

export interface ColumnChooserActions {
  choose(key: ColumnKey, on: boolean): void;
  /** Back to the default columns. */
  reset(): void;
}

export function createColumnChooser({ choose, reset }: ColumnChooserActions): ColumnChooser {
  const list = h('div', { class: 'column-list' });
  const element = h(
    'div',
    {
      class: 'column-chooser',
      id: 'column-chooser',
      role: 'group',
      'aria-label': t('Columns'),
      hidden: true,
      onkeydown(event) {
        if ((event as KeyboardEvent).key !== 'Escape') return;
        toggle(false);
        button.focus();
      },
    },
    list,
    h('button', { class: 'link', type: 'button', onclick: reset }, t('Default columns')),
  );
  const button = h('button', {
    class: 'toggle',
    type: 'button',
    'aria-expanded': 'false',
    'aria-controls': 'column-chooser',
    onclick: () => toggle(element.hasAttribute('hidden')),
  });
  const toggle = (open: boolean) => {
    element.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  };
  let last = '';
  return {
    button,
    element,
    show(all, shown) {
      setText(button, t('Columns ({0} of {1})', shown.length, all.length));
      const on = new Set(shown.map(({ key }) => key));
      const now = JSON.stringify(all.map(({ key }) => [key, on.has(key)]));
      if (now === last) return;
      last = now;
      const focused = document.activeElement?.getAttribute('data-column');
      list.replaceChildren(
        ...all.map(({ key, label }) => {
          const box: HTMLInputElement = h('input', {
            type: 'checkbox',
            'data-column': key,
            onchange: () => choose(key, box.checked),
          });
          box.checked = on.has(key);
          return h('label', {}, box, h('span', {}, label));
        }),
      );
      if (focused) list.querySelector<HTMLElement>(`[data-column="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}
