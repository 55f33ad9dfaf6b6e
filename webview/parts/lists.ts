// The lists at the foot: what happened during the run, its settings, and the end of its log.
import type { MonitorNote, MonitorSetting } from '../../src/protocol/monitor';
import { breakable, h, icon, setText } from '../dom';
import { count } from '../format';
import { icons } from '../icons';
import { t } from '../l10n';

export interface Notes {
  readonly element: HTMLElement;
  show(notes: readonly MonitorNote[]): void;
}

const levels: { readonly [L in MonitorNote['level']]: string } = {
  info: t('Note'),
  warning: t('Warning'),
  error: t('Error'),
};

/** Newest first; the step of each is a button that takes the charts' cursor there. */
export function createNotes(pointAt: (step: number) => void): Notes {
  const title = h('h2', {}, t('Events'));
  const list = h('ul', { tabindex: 0, role: 'list', 'aria-label': t('Events, the newest first') });
  const element = h('section', { class: 'notes', 'aria-label': t('Events'), hidden: true }, title, list);
  return {
    element,
    show(notes) {
      element.hidden = notes.length === 0;
      setText(title, t('Events ({0})', count(notes.length)));
      const items = notes.toReversed().map(({ step, level, message }) => {
        const sign = icon(icons[level]);
        sign.setAttribute('aria-hidden', 'false');
        sign.setAttribute('role', 'img');
        sign.setAttribute('aria-label', levels[level]);
        const when =
          step === 0
            ? h('span', { class: 'when' }, t('start'))
            : h(
                'button',
                {
                  class: 'link when',
                  type: 'button',
                  title: t('Show the curves at this step'),
                  onclick: () => pointAt(step),
                },
                t('step {0}', count(step)),
              );
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
  const differs = t('The file says something else: it was set when the run was started.');
  const rows = settings.map(({ key, value, said }) => {
    const from =
      said === null
        ? h('td', { class: 'silent', title: t('The file says nothing of it: the preset or the default decides.') }, '–')
        : h('td', said === value ? {} : { class: 'differs', title: differs }, said);
    return h('tr', {}, h('th', { scope: 'row' }, ...breakable(key)), h('td', {}, value), from);
  });
  const heads = [t('Setting'), t('This run'), t('The file')].map((text) => h('th', { scope: 'col' }, text));
  return folded(
    'settings',
    t('Settings'),
    open,
    onToggle,
    h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows)),
  );
}

export interface Log {
  readonly element: HTMLElement;
  show(lines: readonly string[]): void;
  unfold(): void;
}

/** It keeps to the end, unless the user has scrolled up. */
export function createLog(open: boolean, onToggle: (open: boolean) => void): Log {
  const text = h('pre', { tabindex: 0, role: 'region', 'aria-label': t('The last lines of the log') });
  const toEnd = () => (text.scrollTop = text.scrollHeight);
  const element = folded(
    'log',
    t('Log'),
    open,
    (now) => {
      onToggle(now);
      toEnd();
    },
    text,
  );
  return {
    element,
    show(lines) {
      element.hidden = lines.length === 0;
      const atEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
      setText(text, lines.join('\n'));
      if (atEnd) toEnd();
    },
    unfold: () => (element.open = true),
  };
}

/** A part of the page that is shown when its title is pressed. */
export function folded(
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
