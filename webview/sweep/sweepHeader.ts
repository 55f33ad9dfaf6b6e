// The head of the page of a sweep: how many trials are in which state, the time that is left, and its buttons.
import type { FromSweepPage, SweepMessage } from '../../src/protocol/sweep';
import { type SweepPlan, sweepSecondsLeft, type TrialProgress } from '../../src/protocol/sweep';
import { duration, formatCount, percent } from '../format';
import { t } from '../l10n';
import { h, icon, set, setText } from '../ui/dom';
import { icons } from '../ui/icons';
import { createToolbar } from '../ui/toolbar';
import { countStates, endedCount, resumableCount, shareDone, type StateCounts } from './sweepProgress';

export interface SweepActivity {
  readonly active: boolean;
  readonly canceled: boolean;
  readonly submitted: boolean;
  /** Why the last start failed. */
  readonly problem: string | null;
}

export interface SweepHeader {
  readonly element: HTMLElement;
  show(trials: readonly TrialProgress[], activity: SweepActivity): void;
  /** The button has had its effect, or has none. */
  answered(request: SweepRequest): void;
}

type SweepRequest = Extract<SweepMessage, { type: 'sweepAnswered' }>['request'];

export function createSweepHeader(
  { name, directory, ofFile }: Pick<SweepPlan, 'name' | 'directory' | 'ofFile'>,
  post: (message: FromSweepPage) => void,
): SweepHeader {
  const badge = h('span', { class: 'badge' });
  const bar = h('div', { class: 'bar' });
  const progress = h(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    bar,
  );
  const facts = h('p', { class: 'facts', role: 'status' });
  /** That only some trials of the sweep file are planned. */
  const planned = h('p', { class: 'planned', hidden: true });
  const reason = h('p', {});
  const problem = h('div', { class: 'start-problem', role: 'alert', hidden: true }, icon(icons.error), reason);
  /** What was requested; null if it was answered, or the state of the sweep has followed. */
  let requested: SweepRequest | null = null;
  let label = '';
  let isCanceling = false;
  let wasActive = false;
  const actions = {
    resume: { type: 'resumeSweep', failed: false },
    retry: { type: 'resumeSweep', failed: true },
    cancel: { type: 'cancelSweep' },
  } as const satisfies Record<string, FromSweepPage>;
  type Action = keyof typeof actions;
  const isDisabled = (action: Action) => requested !== null || (action === 'cancel' && isCanceling);
  const press = (action: Action) => () => {
    if (isDisabled(action)) return;
    requested = actions[action].type;
    refresh();
    post(actions[action]);
  };
  const button = (action: Action, label: string, title: string, path: string, appearance: string) =>
    h(
      'vscode-button',
      { appearance, title, 'aria-label': label, class: action, 'data-name': action, onclick: press(action) },
      h('span', { slot: 'start' }, icon(path)),
      h('div', { class: 'text' }, label),
    );
  const buttons = {
    resume: button('resume', t('Resume'), t('Train the trials that have not ended'), icons.play, 'primary'),
    retry: button('retry', t('Retry failed'), t('Train the trials that have failed again'), icons.play, 'secondary'),
    cancel: button(
      'cancel',
      t('Cancel'),
      t('Save and end all running trials; you can resume later'),
      icons.stop,
      'secondary',
    ),
  };
  const refresh = () => {
    for (const action of Object.keys(buttons) as Action[])
      set(buttons[action], { 'aria-disabled': isDisabled(action) ? 'true' : null });
    setText(badge, requested === null ? label : pendingLabels[requested]);
  };
  const file = (type: 'openSweepFile' | 'openSweepLog' | 'revealSweep', label: string, path: string) =>
    h(
      'vscode-button',
      { appearance: 'icon', title: label, 'aria-label': label, 'data-name': type, onclick: () => post({ type }) },
      icon(path),
    );
  const element = h(
    'header',
    {},
    h(
      'div',
      { class: 'title' },
      h('h1', { title: directory }, name),
      badge,
      h('div', { class: 'buttons' }, buttons.resume, buttons.retry, buttons.cancel),
      createToolbar(
        t('Files'),
        { class: 'controls files' },
        file('openSweepFile', t('Open sweep file'), icons.experiment),
        file('openSweepLog', t('Open log'), icons.log),
        file('revealSweep', t('Reveal folder'), icons.folder),
      ),
    ),
    progress,
    facts,
    planned,
    problem,
  );
  return {
    element,
    answered(request) {
      if (requested === request) requested = null;
      refresh();
    },
    show(trials, activity) {
      const counts = countStates(trials);
      const [name, tone] = stateOf(counts, trials.length, activity);
      const { active, canceled } = activity;
      const isOver = wasActive && !active;
      if (isOver || (requested === 'resumeSweep' ? active && !canceled : canceled)) requested = null;
      wasActive = active;
      label = name;
      isCanceling = active && canceled;
      badge.className = `badge ${tone}`;
      const left = resumableCount(counts);
      const isStart = counts.waiting === trials.length && !activity.submitted;
      const action = isStart ? t('Start') : t('Resume');
      set(buttons.resume, {
        'aria-label': action,
        title: isStart ? t('Train all trials') : t('Train the trials that have not ended'),
      });
      setText(buttons.resume.querySelector('.text')!, action);
      problem.hidden = activity.active || activity.problem === null;
      setText(reason, activity.problem ?? '');
      buttons.resume.hidden = activity.active || left === 0;
      buttons.retry.hidden = activity.active || counts.failed === 0;
      // There is nothing to cancel before the start.
      buttons.cancel.hidden = !activity.active && (activity.canceled || left === 0 || isStart);
      refresh();
      const share = shareDone(trials);
      bar.style.transform = `scaleX(${share})`;
      planned.hidden = trials.length >= ofFile;
      setText(
        planned,
        t('{0} of {1} trials of the sweep file planned', formatCount(trials.length), formatCount(ofFile)),
      );
      const text = factsOf(counts, trials, activity);
      set(progress, {
        'aria-valuenow': Math.floor(100 * share),
        'aria-valuetext': `${percent(share, 0)} ${text.join(', ')}`,
      });
      const [first, ...rest] = text;
      const shown = JSON.stringify(text);
      if (facts.dataset.shown === shown) return;
      facts.dataset.shown = shown;
      facts.replaceChildren(h('span', { class: 'step' }, first), ...rest.map((each) => h('span', {}, each)));
    },
  };
}

/** What the sweep does from the press of a button until its state follows. */
const pendingLabels: Readonly<Record<SweepRequest, string>> = {
  resumeSweep: t('Starting…'),
  cancelSweep: t('Canceling…'),
};

type Tone = 'busy' | 'neutral' | 'good' | 'warning' | 'bad';

function stateOf(
  counts: StateCounts,
  total: number,
  { active, canceled, submitted }: SweepActivity,
): readonly [string, Tone] {
  if (active) return canceled ? [t('Canceling…'), 'neutral'] : [t('Running'), 'busy'];
  const ended = endedCount(counts);
  if (counts.finished === total) return [t('Finished'), 'good'];
  if (ended === total) return counts.failed > 0 ? [t('Ended with failures'), 'warning'] : [t('Ended'), 'good'];
  if (canceled) return [t('Canceled'), 'neutral'];
  if (counts.waiting < total) return [t('Incomplete'), 'warning'];
  return submitted ? [t('Waiting for Slurm'), 'neutral'] : [t('Not started'), 'neutral'];
}

/** `143 of 200 ended`, the others by state, and the time that is left. */
function factsOf(counts: StateCounts, trials: readonly TrialProgress[], { active }: SweepActivity): string[] {
  const texts: readonly (readonly [keyof StateCounts, string])[] = [
    ['finished', t('{0} finished', formatCount(counts.finished))],
    ['diverged', t('{0} diverged', formatCount(counts.diverged))],
    ['failed', t('{0} failed', formatCount(counts.failed))],
    ['stopped', t('{0} stopped', formatCount(counts.stopped))],
    ['running', t('{0} running', formatCount(counts.running))],
    ['interrupted', t('{0} interrupted', formatCount(counts.interrupted))],
    ['exited', t('{0} crashed', formatCount(counts.exited))],
    ['waiting', t('{0} waiting', formatCount(counts.waiting))],
    ['canceled', t('{0} canceled', formatCount(counts.canceled))],
  ];
  const left = active ? sweepSecondsLeft(trials) : null;
  return [
    t('{0} of {1} trials ended', formatCount(endedCount(counts)), formatCount(trials.length)),
    ...texts.flatMap(([state, text]) => (counts[state] > 0 ? [text] : [])),
    ...(left === null ? [] : [t('{0} left', duration(left))]),
  ];
}
