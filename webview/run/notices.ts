// The notices of a run, newest first.
import type { MonitorNotice } from '../../src/protocol/monitor';
import { h, icon, setText } from '../ui/dom';
import { count } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';

export interface NoticeList {
  readonly element: HTMLElement;
  show(notes: readonly MonitorNotice[]): void;
}

const levels: { readonly [L in MonitorNotice['level']]: string } = {
  info: t('Note'),
  warning: t('Warning'),
  error: t('Error'),
};

/** Newest first; the step of each is a button that takes the charts' cursor there. */
export function createNoticeList(pointAt: (step: number) => void): NoticeList {
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
