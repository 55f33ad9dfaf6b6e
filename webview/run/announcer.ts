// Screen reader announcements: every tenth of the progress with the estimate, warnings and errors.
import type { MonitorNotice, MonitorStatus } from '../../src/protocol/monitor';
import { h } from '../ui/dom';
import { formatCount } from '../format';
import { t } from '../l10n';

export interface Announcer {
  readonly element: HTMLElement;
  announce(text: string): void;
  announceProgress(status: MonitorStatus, estimate: string): void;
  /** Announces new warnings and errors; those of the first call are already on the page. */
  announceNotices(notes: readonly MonitorNotice[]): void;
}

export function createAnnouncer(): Announcer {
  const element = h('div', {
    class: 'visually-hidden',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': t('Announcements'),
  });
  let tenth: number | null = null;
  let announced: number | null = null;
  // Replacing the content makes the live region read it.
  const announce = (text: string) => element.replaceChildren(h('p', {}, text));
  return {
    element,
    announce,
    announceProgress({ status }, estimate) {
      if (status === null || status.steps === 0) return;
      const now = Math.floor((10 * status.step) / status.steps);
      if (tenth !== null && now > tenth)
        announce(t('Step {0} of {1}. {2}', formatCount(status.step), formatCount(status.steps), estimate).trim());
      tenth = now;
    },
    announceNotices(notes) {
      const serious = notes.filter(({ level }) => level !== 'info');
      if (announced !== null && serious.length > announced)
        announce(t('Step {0}: {1}', formatCount(serious.at(-1)!.step), serious.at(-1)!.message));
      announced = serious.length;
    },
  };
}
