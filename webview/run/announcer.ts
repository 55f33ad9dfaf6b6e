// What a screen reader is told without being asked: each tenth of the way with the estimate, and what went wrong.
import type { MonitorNotice, MonitorStatus } from '../../src/protocol/monitor';
import { h } from '../ui/dom';
import { count } from '../format';
import { t } from '../l10n';

export interface Announcer {
  readonly element: HTMLElement;
  announce(text: string): void;
  announceProgress(status: MonitorStatus, estimate: string): void;
  /** Says the notes that were not there the last time; those of the first time are on the page already. */
  announceNotices(notes: readonly MonitorNotice[]): void;
}

export function createAnnouncer(): Announcer {
  const element = h('div', { class: 'unseen', role: 'log', 'aria-live': 'polite', 'aria-label': t('Announcements') });
  let tenth: number | null = null;
  let told: number | null = null;
  // A region that is emptied and filled is read again; what was said is not kept.
  const announce = (text: string) => element.replaceChildren(h('p', {}, text));
  return {
    element,
    announce,
    announceProgress({ status }, estimate) {
      if (status === null || status.steps === 0) return;
      const now = Math.floor((10 * status.step) / status.steps);
      if (tenth !== null && now > tenth)
        announce(t('Step {0} of {1}. {2}', count(status.step), count(status.steps), estimate).trim());
      tenth = now;
    },
    announceNotices(notes) {
      const grave = notes.filter(({ level }) => level !== 'info');
      if (told !== null && grave.length > told)
        announce(t('Step {0}: {1}', count(grave.at(-1)!.step), grave.at(-1)!.message));
      told = grave.length;
    },
  };
}
