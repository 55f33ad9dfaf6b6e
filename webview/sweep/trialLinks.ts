// What can be done with a trial: links to its monitor and its log, and to copy its settings.
import type { Trial } from '../../src/protocol/foldTrials';
import type { FromSweepPage } from '../../src/protocol/sweep';
import { t } from '../l10n';
import { h } from '../ui/dom';

export function createTrialLinks(post: (message: FromSweepPage) => void) {
  return {
    /** To the monitor of a trial; only text before it has begun. */
    linkTo: ({ trial, seed, progress }: Trial, text: string, name = `open:${trial}`) =>
      progress.steps === 0
        ? h('span', { class: 'muted' }, text)
        : h(
            'button',
            {
              class: `link ${progress.state}`,
              type: 'button',
              title: t('Open the monitor of trial {0} (seed {1})', trial, seed),
              'data-name': name,
              onclick: () => post({ type: 'openTrial', trial }),
            },
            text,
          ),
    logOf: ({ trial, progress }: Trial) =>
      progress.state === 'waiting'
        ? null
        : h(
            'button',
            {
              class: 'link',
              type: 'button',
              'aria-label': t('Open the log of trial {0}', trial),
              'data-name': `log:${trial}`,
              onclick: () => post({ type: 'openTrialLog', trial }),
            },
            t('Log'),
          ),
    /** In the row of the trial, or elsewhere. */
    copyOf: ({ trial }: Trial, isInRow: boolean) => {
      const title = t('Copy the settings of trial {0} to a new experiment', trial);
      return h(
        'button',
        {
          class: 'link',
          type: 'button',
          'aria-label': isInRow ? title : null,
          title,
          'data-name': isInRow ? `copy:${trial}` : `copyBest:${trial}`,
          onclick: () => post({ type: 'copyTrial', trial }),
        },
        isInRow ? t('Copy') : t('Copy to new experiment'),
      );
    },
  };
}
