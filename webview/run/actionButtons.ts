// The buttons of the header: the actions available in the run's state. A pressed button is disabled until the trainer
// responds, and all are while it stops.
import type { FromPage } from '../../src/protocol/monitor';
import type { RunStatus } from '../../src/protocol/status';
import { h, icon, set } from '../ui/dom';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import type { Action } from './displayState';

export interface ActionButtons {
  readonly element: HTMLElement;
  /** The label of the state that was requested and is not acknowledged yet; null if there is none. */
  pending(): string | null;
  show(actions: readonly Action[], status: RunStatus | null): void;
}

interface Button {
  readonly label: string;
  readonly icon: string;
  readonly title: string;
  readonly primary?: true;
}

const buttons: { readonly [A in Action]: Button } = {
  pause: { label: t('Pause'), icon: icons.pause, title: t('Pause after the current step') },
  resume: { label: t('Resume'), icon: icons.play, title: t('Resume the paused run'), primary: true },
  resumeRun: { label: t('Resume'), icon: icons.play, title: t('Resume from the last checkpoint'), primary: true },
  stop: { label: t('Stop'), icon: icons.stop, title: t('Save a checkpoint and stop; you can resume later') },
  checkpoint: { label: t('Save checkpoint'), icon: icons.checkpoint, title: t('Save a checkpoint now') },
  sample: { label: t('Generate samples'), icon: icons.sample, title: t('Generate samples now') },
};

/** What the run does from the press of a button until the trainer has acted. */
const pendingLabels: { readonly [A in Action]?: string } = {
  pause: t('Pausing…'),
  resume: t('Resuming…'),
  stop: t('Stopping…'),
};

/** The trainer acts between two steps. If it does not respond in this time, the button is enabled again. */
const retryAfterMs = 8000;

/** `onRequest` is called when a button is pressed. */
export function createActionButtons(post: (message: FromPage) => void, onRequest: () => void): ActionButtons {
  const element = h('div', { class: 'buttons' });
  const requested = new Set<Action>();
  // Unlike the button, which may be pressed again, it waits for a slow step.
  let pending: string | null = null;
  let lastResponse = '';
  let stopping = false;
  const isDisabled = (action: Action) => stopping || requested.has(action);
  const press = (action: Action) => () => {
    if (isDisabled(action)) return;
    requested.add(action);
    pending = pendingLabels[action] ?? pending;
    refresh();
    onRequest();
    post(action === 'resumeRun' ? { type: 'resumeRun' } : { type: 'control', command: action });
    setTimeout(() => {
      requested.delete(action);
      refresh();
    }, retryAfterMs);
  };
  const all = (Object.keys(buttons) as Action[]).map((action) => {
    const { label, icon: path, title, primary } = buttons[action];
    const iconElement = icon(path);
    iconElement.setAttribute('slot', 'start');
    const appearance = primary ? 'primary' : 'secondary';
    const attributes = { appearance, title, 'aria-label': label, class: action, onclick: press(action) };
    return { action, button: h('vscode-button', attributes, iconElement, h('div', { class: 'text' }, label)) };
  });
  // aria-disabled, since `disabled` would take the focus from the pressed button.
  const refresh = () =>
    all.forEach(({ action, button }) => set(button, { 'aria-disabled': isDisabled(action) ? 'true' : null }));
  element.append(...all.map(({ button }) => button));
  return {
    element,
    pending: () => pending,
    show(actions, status) {
      // The trainer has responded when the state changes or another command is acknowledged.
      const response = `${status?.attempt} ${status?.state} ${status?.acknowledged.at(-1)}`;
      if (response !== lastResponse) {
        requested.clear();
        pending = null;
      }
      lastResponse = response;
      stopping = status?.state === 'stopping';
      for (const { action, button } of all) button.hidden = !actions.includes(action);
      refresh();
    },
  };
}
