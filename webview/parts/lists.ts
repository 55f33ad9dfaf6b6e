// The lists at the foot: what happened during the run, and its settings.
import type { MonitorNote, MonitorState } from '../../src/protocol/monitor';
import { h, icon, setText } from '../dom';
import { count } from '../format';
import { icons } from '../icons';

export interface Notes {
  readonly element: HTMLElement;
  show(notes: readonly MonitorNote[]): void;
}

const levels: { readonly [L in MonitorNote['level']]: string } = { info: 'Note', warning: 'Warning', error: 'Error' };

/** Newest first. */
export function createNotes(): Notes {
  const title = h('h2', {}, 'Events');
  const list = h('ul', {});
  const element = h('section', { class: 'notes', 'aria-label': 'Events', hidden: true }, title, list);
  return {
    element,
    show(notes) {
      element.hidden = notes.length === 0;
      setText(title, `Events (${notes.length})`);
      const items = notes.toReversed().map(({ step, level, message }) => {
        const sign = icon(icons[level]);
        sign.setAttribute('aria-hidden', 'false');
        sign.setAttribute('role', 'img');
        sign.setAttribute('aria-label', levels[level]);
        const when = step === 0 ? 'start' : `step ${count(step)}`;
        return h('li', { class: level }, sign, h('span', { class: 'when' }, when), h('span', {}, message));
      });
      list.replaceChildren(...items);
    },
  };
}

export function createSettings(
  settings: MonitorState['settings'],
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  const rows = settings.map(([key, value]) => h('tr', {}, h('th', { scope: 'row' }, key), h('td', {}, value)));
  const element = h(
    'details',
    { class: 'settings', open, ontoggle: () => onToggle(element.open) },
    h('summary', {}, h('h2', {}, 'Settings')),
    h('table', {}, h('tbody', {}, ...rows)),
  );
  return element;
}
