// The trials that failed or diverged, by reason, with links to their monitors and logs.
import { formatCount } from '../format';
import { t } from '../l10n';
import { h, icon, keepFocus, setText } from '../ui/dom';
import { icons } from '../ui/icons';
import type { Failure } from './sweepProgress';
import { stateNames } from './tableColumns';

export interface FailureActions {
  openTrial(trial: number): void;
  openLog(trial: number): void;
  toggled(open: boolean): void;
}

const maxReasons = 5;
const maxTrials = 10;

export function createFailureList({ openTrial, openLog, toggled }: FailureActions, open: boolean) {
  const heading = h('h2');
  const list = h('ul');
  const element = h(
    'details',
    { class: 'folded failures', open, hidden: true, ontoggle: () => toggled(element.open) },
    h('summary', {}, heading),
    list,
  );
  let shown = '';
  const itemOf = ({ state, message, trials }: Failure) =>
    h(
      'li',
      { class: state === 'diverged' ? 'warning' : 'bad' },
      icon(state === 'diverged' ? icons.warning : icons.error),
      h(
        'div',
        {},
        h('p', {}, `${stateNames[state]}${message === '' ? '' : `: ${message}`}`),
        h(
          'p',
          { class: 'trials' },
          h('span', { class: 'muted' }, trials.length === 1 ? t('Trial') : t('{0} trials', formatCount(trials.length))),
          ...trials.slice(0, maxTrials).map((trial) =>
            // A trial that failed before it had a run has a log only.
            h(
              'button',
              {
                class: 'link',
                type: 'button',
                title: t('Open the log of trial {0}', trial),
                'data-name': `failed:${trial}`,
                onclick: () => (state === 'diverged' ? openTrial(trial) : openLog(trial)),
              },
              String(trial),
            ),
          ),
          trials.length > maxTrials ? t('and {0} more', formatCount(trials.length - maxTrials)) : null,
        ),
      ),
    );
  return {
    element,
    show(failures: readonly Failure[]) {
      const key = JSON.stringify(failures);
      if (key === shown) return;
      shown = key;
      element.hidden = failures.length === 0;
      const count = failures.reduce((sum, { trials }) => sum + trials.length, 0);
      setText(heading, t('Failed and diverged trials ({0})', formatCount(count)));
      const others = failures.length - maxReasons;
      keepFocus(() =>
        list.replaceChildren(
          ...failures.slice(0, maxReasons).map(itemOf),
          ...(others > 0
            ? [h('li', { class: 'muted' }, t('and {0} more reasons, in the table', formatCount(others)))]
            : []),
        ),
      );
    },
  };
}
