// The buttons of the head: those that make sense as the run is, greyed while one that was pressed has not been heard, and all while it stops.
import type { FromPage } from '../../src/protocol/monitor';
import type { RunStatus } from '../../src/protocol/status';
import { h, icon, set } from '../ui/dom';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import type { Action } from './displayState';

export interface ActionButtons {
  readonly element: HTMLElement;
  show(actions: readonly Action[], status: RunStatus | null): void;
}

interface Button {
  readonly label: string;
  readonly icon: string;
  readonly title: string;
  readonly primary?: true;
}

const buttons: { readonly [A in Action]: Button } = {
  pause: { label: t('Pause'), icon: icons.pause, title: t('Pause after the step it is at') },
  resume: { label: t('Resume'), icon: icons.play, title: t('Go on with the paused run'), primary: true },
  resumeRun: { label: t('Go on'), icon: icons.play, title: t('Go on from the last checkpoint'), primary: true },
  stop: { label: t('Stop'), icon: icons.stop, title: t('Save the state and stop; the run can be gone on with') },
  checkpoint: { label: t('Checkpoint'), icon: icons.checkpoint, title: t('Save the full state now') },
  sample: { label: t('Sample'), icon: icons.sample, title: t('Draw samples now') },
};

/** A trainer that is asked acts between two steps; one that has not in this time is asked again by pressing again. */
const retryAfterMs = 8000;

export function createActionButtons(post: (message: FromPage) => void): ActionButtons {
  const element = h('div', { class: 'buttons' });
  const asked = new Set<Action>();
  let heard = '';
  let stopping = false;
  const isGrey = (action: Action) => stopping || asked.has(action);
  const press = (action: Action) => () => {
    if (isGrey(action)) return;
    asked.add(action);
    reflect();
    post(action === 'resumeRun' ? { type: 'resumeRun' } : { type: 'control', command: action });
    setTimeout(() => {
      asked.delete(action);
      reflect();
    }, retryAfterMs);
  };
  const all = (Object.keys(buttons) as Action[]).map((action) => {
    const { label, icon: path, title, primary } = buttons[action];
    const sign = icon(path);
    sign.setAttribute('slot', 'start');
    const appearance = primary ? 'primary' : 'secondary';
    const attributes = { appearance, title, 'aria-label': label, class: action, onclick: press(action) };
    return { action, button: h('vscode-button', attributes, sign, h('div', { class: 'text' }, label)) };
  });
  // Not `disabled`, which would take the focus from the button that was pressed.
  const reflect = () =>
    all.forEach(({ action, button }) => set(button, { 'aria-disabled': isGrey(action) ? 'true' : null }));
  element.append(...all.map(({ button }) => button));
  return {
    element,
    show(actions, status) {
      // What was asked has been heard when the state is another or a command more is acknowledged.
      const now = `${status?.attempt} ${status?.state} ${status?.acknowledged.at(-1)}`;
      if (now !== heard) asked.clear();
      heard = now;
      stopping = status?.state === 'stopping';
      for (const { action, button } of all) button.hidden = !actions.includes(action);
      reflect();
    },
  };
}
