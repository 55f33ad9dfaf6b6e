// Manual stepping of a paused run: single critic and generator updates, whole steps, and slow motion.
import { type ManualStep, type CommandRequest, slowMotionRates } from '../../src/protocol/control';
import type { FromPage, MonitorColumn, MonitorLive, MonitorStatus } from '../../src/protocol/monitor';
import { h, icon, set, setText } from '../ui/dom';
import { icons } from '../ui/icons';
import { createSelect } from '../ui/widgets';
import { round } from '../format';
import { t } from '../l10n';
import { updateValues, positionText, disabledReason } from './stepPosition';
import { displayStateOf, isActive } from './displayState';
import { createToolbar } from '../ui/toolbar';

export interface ManualStepping {
  readonly element: HTMLElement;
  show(status: MonitorStatus): void;
  live(live: MonitorLive | null): void;
  /** A request has no effect. */
  refused(): void;
}

interface Button {
  readonly label: string;
  readonly title: string;
}

const buttons: { readonly [K in ManualStep]: Button } = {
  'critic-step': { label: t('Critic step'), title: t('Run one critic update') },
  'generator-step': {
    label: t('Generator step'),
    title: t('Run the remaining critic updates of this step, then the generator update'),
  },
  step: { label: t('Step'), title: t('Run all updates up to the same position in the next step') },
};

/** Updates per second, within the trainer's limits. */
const rates = [slowMotionRates.min, 1, 2, 5, slowMotionRates.max];

/**
 * A paused trainer reports that it is alive, and reads its commands more often: one that it has not executed after so
 * many reports was lost, and the buttons are enabled again.
 */
const reportsUntilLost = 2;

/** `onRequest` is called when the user requests updates, `announce` with the result of each. */
export function createManualStepping(
  columns: readonly MonitorColumn[],
  post: (message: FromPage) => void,
  onRequest: () => void,
  announce: (text: string) => void,
): ManualStepping {
  let current: MonitorLive | null = null;
  let slow: number | null = null;
  let rate = 2;
  let requested: CommandRequest['kind'] | null = null;
  let lastResponse = '';
  /** Reports without a response to the request. */
  let reports = 0;
  let lastReport: number | undefined;
  const request = (kind: CommandRequest['kind'], message: FromPage) => {
    if (requested !== null) return;
    requested = kind;
    reports = 0;
    onRequest();
    post(message);
    refresh();
  };
  // In slow motion the position changes before a button is pressed, which pauses first.
  const reasonOf = (kind: ManualStep) => (slow === null ? disabledReason(kind, current) : '');
  const isDisabled = (kind: ManualStep) => requested !== null || reasonOf(kind) !== '';
  const steps = (Object.keys(buttons) as ManualStep[]).map((kind) => {
    const { label } = buttons[kind];
    const press = () => {
      if (!isDisabled(kind)) request(kind, { type: 'control', command: kind });
    };
    const button = h(
      'vscode-button',
      { appearance: 'secondary', 'aria-label': label, 'data-name': label, class: kind, onclick: press },
      h('div', { class: 'text' }, label),
    );
    return { kind, button };
  });
  const toggle = h(
    'button',
    {
      class: 'toggle',
      type: 'button',
      'data-name': t('Slow motion'),
      'aria-pressed': 'false',
      title: t('Run slowly enough to see each update'),
      onclick: () => request('slow-motion', { type: 'slowMotion', rate: slow === null ? rate : null }),
    },
    t('Slow motion'),
  );
  const rateTexts = rates.map((each) => [String(each), t('{0} per second', round(each))] as const);
  const speed = createSelect(t('Updates per second in slow motion'), rateTexts, String(rate), (chosen) => {
    rate = Number(chosen);
    if (slow !== null) post({ type: 'slowMotion', rate });
  });
  const position = h('span', { class: 'step-position' });
  const values = h('span', { class: 'update-values' });
  const toolbar = createToolbar(t('Manual stepping'), { class: 'controls' }, ...steps.map(({ button }) => button));
  const readout = h('div', { class: 'step-readout' }, position, values);
  /** What a narrow page shows on request, so that the bar is one line and hides little below it. */
  const more = h('div', { class: 'more-steps' }, h('span', { class: 'slow-motion' }, toggle, speed), readout);
  let isOpen = false;
  const disclosure = h(
    'vscode-button',
    {
      appearance: 'icon',
      class: 'disclosure',
      'aria-label': t('Slow motion and values'),
      title: t('Slow motion and values'),
      onclick() {
        isOpen = !more.classList.contains('open');
        refresh();
      },
    },
    icon(icons.more),
  );
  // Its place at the bottom is kept while the run trains, so that nothing moves when it is paused.
  const element = h(
    'section',
    { class: 'manual-stepping', 'aria-label': t('Manual stepping'), hidden: true },
    toolbar,
    disclosure,
    more,
  );
  // aria-disabled, since `disabled` would take the focus from the pressed button.
  const refresh = () => {
    set(toolbar, { 'aria-busy': requested === null ? null : 'true' });
    for (const { kind, button } of steps) {
      set(button, { 'aria-disabled': isDisabled(kind) ? 'true' : null, title: reasonOf(kind) || buttons[kind].title });
    }
    // Slow motion can always be ended.
    more.classList.toggle('open', isOpen || slow !== null);
    set(disclosure, { 'aria-expanded': String(isOpen || slow !== null) });
    set(toggle, { 'aria-pressed': String(slow !== null), 'aria-disabled': requested === null ? null : 'true' });
    setText(position, current === null ? '' : positionText(current));
    const shownValues = current === null ? [] : updateValues(current, columns);
    values.replaceChildren(...shownValues.map(([label, value]) => h('span', {}, `${label} ${value}`)));
  };
  refresh();
  return {
    element,
    show(shown) {
      const { status } = shown;
      const state = displayStateOf(shown);
      slow = state === 'running' ? (status?.slowMotionRate ?? null) : null;
      element.hidden = !isActive(state);
      const isOff = state !== 'paused' && slow === null;
      element.classList.toggle('off', isOff);
      const response = `${status?.attempt} ${status?.state} ${slow} ${status?.acknowledged.at(-1)}`;
      if (status?.updatedAt !== lastReport) reports += 1;
      lastReport = status?.updatedAt;
      if (response !== lastResponse || reports >= reportsUntilLost) requested = null;
      lastResponse = response;
      refresh();
    },
    refused() {
      requested = null;
      refresh();
    },
    live(live) {
      current = live;
      requested = null;
      // Slow motion is too fast for announcements.
      if (live !== null && slow === null)
        announce([positionText(live), ...updateValues(live, columns).map((each) => each.join(' '))].join(', '));
      refresh();
    },
  };
}
