// Stepping by hand, while a run is paused: an update of the critic, of the generator, a whole step, and slow motion.
import { type ManualStep, type CommandRequest, slowMotionRates } from '../../src/protocol/control';
import type { FromPage, MonitorColumn, MonitorLive, MonitorStatus } from '../../src/protocol/monitor';
import { h, set, setText } from '../ui/dom';
import { createSelect } from '../ui/widgets';
import { round } from '../format';
import { t } from '../l10n';
import { updateValues, positionText, disabledReason } from './stepPosition';
import { displayStateOf } from './displayState';
import { createToolbar } from '../ui/toolbar';

export interface ManualStepping {
  readonly element: HTMLElement;
  show(status: MonitorStatus): void;
  live(live: MonitorLive | null): void;
}

interface Button {
  readonly label: string;
  readonly title: string;
}

const buttons: { readonly [K in ManualStep]: Button } = {
  'critic-step': { label: t('Critic step'), title: t('Make one update of the critic') },
  'generator-step': {
    label: t('Generator step'),
    title: t('Make the critic updates that are left in this step, then one update of the generator'),
  },
  step: { label: t('Step'), title: t('Make all updates from here to the same place of the next step') },
};

/** Updates a second; within what the trainer takes. */
const rates = [slowMotionRates.least, 1, 2, 5, slowMotionRates.most];

/** A trainer that has not answered in this time is asked again by pressing again. */
const retryAfterMs = 8000;

/** `onAsk` is called when something is pressed that is to be looked at, `announce` with what a step came to. */
export function createManualStepping(
  columns: readonly MonitorColumn[],
  post: (message: FromPage) => void,
  onAsk: () => void,
  announce: (text: string) => void,
): ManualStepping {
  let now: MonitorLive | null = null;
  let slow: number | null = null;
  let rate = 2;
  let asked: CommandRequest['kind'] | null = null;
  let heard = '';
  const ask = (kind: CommandRequest['kind'], message: FromPage) => {
    if (asked !== null) return;
    asked = kind;
    onAsk();
    post(message);
    reflect();
    setTimeout(() => {
      if (asked === kind) asked = null;
      reflect();
    }, retryAfterMs);
  };
  // In slow motion the place is another by the time that a button is pressed, which pauses first.
  const why = (kind: ManualStep) => (slow === null ? disabledReason(kind, now) : '');
  const isOff = (kind: ManualStep) => asked !== null || why(kind) !== '';
  const steps = (Object.keys(buttons) as ManualStep[]).map((kind) => {
    const { label } = buttons[kind];
    const press = () => {
      if (!isOff(kind)) ask(kind, { type: 'control', command: kind });
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
      title: t('Go on by itself, slowly enough to see each update'),
      onclick: () => ask('slow-motion', { type: 'slowMotion', rate: slow === null ? rate : null }),
    },
    t('Slow motion'),
  );
  const rateTexts = rates.map((each) => [String(each), t('{0} a second', round(each))] as const);
  const speed = createSelect(t('Updates a second in slow motion'), rateTexts, String(rate), (chosen) => {
    rate = Number(chosen);
    if (slow !== null) post({ type: 'slowMotion', rate });
  });
  const place = h('span', { class: 'place' });
  const values = h('span', { class: 'measured' });
  const toolbar = createToolbar(
    t('By hand'),
    { class: 'controls' },
    ...steps.map(({ button }) => button),
    toggle,
    speed,
  );
  const element = h('div', { class: 'byhand', hidden: true }, toolbar, place, values);
  // Not `disabled`, which would take the focus from the button that was pressed.
  const reflect = () => {
    for (const { kind, button } of steps) {
      set(button, { 'aria-disabled': isOff(kind) ? 'true' : null, title: why(kind) || buttons[kind].title });
    }
    set(toggle, { 'aria-pressed': String(slow !== null), 'aria-disabled': asked === null ? null : 'true' });
    setText(place, now === null ? '' : positionText(now));
    const measured = now === null ? [] : updateValues(now, columns);
    values.replaceChildren(...measured.map(([label, value]) => h('span', {}, `${label} ${value}`)));
  };
  reflect();
  return {
    element,
    show(shown) {
      const { status } = shown;
      const situation = displayStateOf(shown);
      slow = situation === 'running' ? (status?.slowMotionRate ?? null) : null;
      element.hidden = situation !== 'paused' && slow === null;
      const answered = `${status?.attempt} ${status?.state} ${slow} ${status?.acknowledged.at(-1)}`;
      if (answered !== heard) asked = null;
      heard = answered;
      reflect();
    },
    live(live) {
      now = live;
      asked = null;
      // In slow motion there is more to say than there is time.
      if (live !== null && slow === null)
        announce([positionText(live), ...updateValues(live, columns).map((each) => each.join(' '))].join(', '));
      reflect();
    },
  };
}
