// The lists at the foot: what happened during the run, its settings, and the end of its log.
import type { MonitorNote, MonitorSetting } from '../../src/protocol/monitor';
import { breakable, h, icon, setText } from '../dom';
import { count } from '../format';
import { icons } from '../icons';

export interface Notes {
  readonly element: HTMLElement;
  show(notes: readonly MonitorNote[]): void;
}

const levels: { readonly [L in MonitorNote['level']]: string } = { info: 'Note', warning: 'Warning', error: 'Error' };

/** Newest first; the step of each is a button that takes the charts' cursor there. */
export function createNotes(pointAt: (step: number) => void): Notes {
  const title = h('h2', {}, 'Events');
  const list = h('ul', { tabindex: 0, role: 'list', 'aria-label': 'Events, the newest first' });
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
        const when = step === 0 ? h('span', { class: 'when' }, 'start') : h('button', { class: 'link when', type: 'button', title: 'Show the curves at this step', onclick: () => pointAt(step) }, `step ${count(step)}`); // prettier-ignore
        return h('li', { class: level }, sign, when, h('span', { class: 'what' }, message));
      });
      list.replaceChildren(...items);
    },
  };
}

/** Each setting with what the experiment file says of it: what differs was decided on the command line, what is not said by a preset or a default. */
export function createSettings(
  settings: readonly MonitorSetting[],
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  const differs = 'The file says something else: it was set when the run was started.';
  const rows = settings.map(({ key, value, said }) => {
    const from = said === null ? h('td', { class: 'silent', title: 'The file says nothing of it: the preset or the default decides.' }, '–') : h('td', said === value ? {} : { class: 'differs', title: differs }, said); // prettier-ignore
    return h('tr', {}, h('th', { scope: 'row' }, ...breakable(key)), h('td', {}, value), from);
  });
  const heads = ['Setting', 'This run', 'The file'].map((text) => h('th', { scope: 'col' }, text));
  return folded('settings', 'Settings', open, onToggle, h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows))); // prettier-ignore
}

export interface Log {
  readonly element: HTMLElement;
  show(lines: readonly string[]): void;
}

/** It keeps to the end, unless the user has scrolled up. */
export function createLog(open: boolean, onToggle: (open: boolean) => void): Log {
  const text = h('pre', { tabindex: 0, role: 'region', 'aria-label': 'The last lines of the log' });
  const toEnd = () => (text.scrollTop = text.scrollHeight);
  const element = folded('log', 'Log', open, (now) => {
    onToggle(now);
    toEnd();
  }, text); // prettier-ignore
  return {
    element,
    show(lines) {
      element.hidden = lines.length === 0;
      const atEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
      setText(text, lines.join('\n'));
      if (atEnd) toEnd();
    },
  };
}

function folded(
  name: string,
  title: string,
  open: boolean,
  onToggle: (open: boolean) => void,
  content: HTMLElement,
): HTMLElement {
  const element = h('details', { class: `folded ${name}`, open, ontoggle: () => onToggle(element.open) }, h('summary', {}, h('h2', {}, title)), content); // prettier-ignore
  return element;
}
