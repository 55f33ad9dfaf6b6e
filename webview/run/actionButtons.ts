// The buttons of the header: the actions available in the run's state. A pressed button is disabled until the trainer
// has responded, and all are while it stops.
import type { FromPage } from '../../src/protocol/monitor';
import type { RunStatus } from '../../src/protocol/status';
import { h, icon, set } from '../ui/dom';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import type { Action } from './displayState';
import { createRequests } from './requests';

export interface ActionButtons {
  readonly element: HTMLElement;
  /** The label of the state that was requested and is not acknowledged yet; null if there is none. */
  pending(): string | null;
  /** The seconds for which the trainer has not responded; null if no request is pending. */
  secondsWaiting(): number | null;
  /** `id` is null if the request was refused; '' if the trainer acknowledges it by a new attempt. */
  answered(action: Action, id: string | null): void;
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
  resumeRun: t('Resuming…'),
  stop: t('Stopping…'),
};

/** `onRequest` is called when a button is pressed. */
export function createActionButtons(post: (message: FromPage) => void, onRequest: () => void): ActionButtons {
  const element = h('div', { class: 'buttons' });
  const requests = createRequests<Action>();
  let status: RunStatus | null = null;
  let stopping = false;
  const isDisabled = (action: Action) => stopping || requests.isPending(action);
  const press = (action: Action) => () => {
    if (isDisabled(action)) return;
    requests.add(action, Date.now());
    refresh();
    onRequest();
    post(action === 'resumeRun' ? { type: 'resumeRun' } : { type: 'control', command: action });
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
    pending: () =>
      requests
        .pending()
        .map((action) => pendingLabels[action])
        .findLast((label) => label !== undefined) ?? null,
    secondsWaiting: () => requests.secondsWaiting(Date.now()),
    answered(action, id) {
      if (id === null) requests.refused(action);
      else if (id !== '') {
        requests.delivered(action, id);
        // The trainer may have been faster.
        requests.update(status);
      }
      refresh();
      onRequest();
    },
    show(actions, now) {
      status = now;
      requests.update(status);
      stopping = status?.state === 'stopping';
      for (const { action, button } of all) button.hidden = !actions.includes(action);
      refresh();
    },
  };
}
