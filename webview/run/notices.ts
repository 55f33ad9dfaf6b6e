// The notices of a run, newest first.
import type { MonitorNotice } from '../../src/protocol/monitor';
import { h, icon, setText } from '../ui/dom';
import { formatCount } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';

export interface NoticeList {
  readonly element: HTMLElement;
  show(notes: readonly MonitorNotice[]): void;
}

const levels: { readonly [L in MonitorNotice['level']]: string } = {
  info: t('Info'),
  warning: t('Warning'),
  error: t('Error'),
};

/** Newest first. The step of a notice is a button that moves the charts' cursor there. */
export function createNoticeList(moveCursorTo: (step: number) => void): NoticeList {
  const title = h('h2', {}, t('Notices'));
  const list = h('ul', { tabindex: 0, role: 'list', 'aria-label': t('Notices, newest first') });
  const element = h('section', { class: 'notices', 'aria-label': t('Notices'), hidden: true }, title, list);
  return {
    element,
    show(notes) {
      element.hidden = notes.length === 0;
      setText(title, t('Notices ({0})', formatCount(notes.length)));
      const items = notes.toReversed().map(({ step, level, message }) => {
        const iconElement = icon(icons[level]);
        iconElement.setAttribute('aria-hidden', 'false');
        iconElement.setAttribute('role', 'img');
        iconElement.setAttribute('aria-label', levels[level]);
        const when =
          step === 0
            ? h('span', { class: 'when' }, t('start'))
            : h(
                'button',
                {
                  class: 'link when',
                  type: 'button',
                  title: t('Show the curves at this step'),
                  onclick: () => moveCursorTo(step),
                },
                t('step {0}', formatCount(step)),
              );
        return h('li', { class: level }, iconElement, when, h('span', { class: 'notice-text' }, message));
      });
      list.replaceChildren(...items);
    },
  };
}
