// What a screen reader is told without being asked: each tenth of the way with the estimate, and what went wrong.
import type { MonitorNote, MonitorStatus } from '../../src/protocol/monitor';
import { h } from '../ui/dom';
import { count } from '../format';
import { t } from '../l10n';

export interface Announcer {
  readonly element: HTMLElement;
  say(text: string): void;
  progress(status: MonitorStatus, estimate: string): void;
  /** Says the notes that were not there the last time; those of the first time are on the page already. */
  notes(notes: readonly MonitorNote[]): void;
}

export function createAnnouncer(): Announcer {
  const element = h('div', { class: 'unseen', role: 'log', 'aria-live': 'polite', 'aria-label': t('Announcements') });
  let tenth: number | null = null;
  let told: number | null = null;
  // A region that is emptied and filled is read again; what was said is not kept.
  const say = (text: string) => element.replaceChildren(h('p', {}, text));
  return {
    element,
    say,
    progress({ status }, estimate) {
      if (status === null || status.steps === 0) return;
      const now = Math.floor((10 * status.step) / status.steps);
      if (tenth !== null && now > tenth)
        say(t('Step {0} of {1}. {2}', count(status.step), count(status.steps), estimate).trim());
      tenth = now;
    },
    notes(notes) {
      const grave = notes.filter(({ level }) => level !== 'info');
      if (told !== null && grave.length > told)
        say(t('Step {0}: {1}', count(grave.at(-1)!.step), grave.at(-1)!.message));
      told = grave.length;
    },
  };
}
