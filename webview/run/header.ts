// The header of a run's page: name, state, buttons, progress, and the facts below the progress bar.
import type { FromPage, MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { secondsLeft, secondsOf, type RunStatus } from '../../src/protocol/status';
import { h, icon, set, setText } from '../ui/dom';
import { formatCount, formatMeasurement, duration, percent, round, stepRate } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { metricLabel } from '../charts/columns';
import { stateDisplays, isActive, displayStateOf, type DisplayState } from './displayState';
import { createToolbar } from '../ui/toolbar';
import { createDisclosure } from '../ui/widgets';
import { type ActionButtons, createActionButtons } from './actionButtons';
import { forkText, forkTooltip } from './forkText';

export interface Header {
  readonly element: HTMLElement;
  show(status: MonitorStatus): void;
  /** The answer to a button: the id by which the trainer acknowledges it, '' for a new attempt, null if refused. */
  answered: ActionButtons['answered'];
  /** Updates the elapsed and remaining time. */
  tick(): void;
}

export function createHeader(
  run: Pick<MonitorState, 'name' | 'directory' | 'parent'>,
  post: (message: FromPage) => void,
  secondsPerStep: (median: number | null) => number | null,
): Header {
  const badge = h('span', { class: 'badge', role: 'status' });
  const actionButtons = createActionButtons(post, () => refresh());
  const bar = h('div', { class: 'bar' });
  const progress = h(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': t('Training'), 'aria-valuemin': 0 },
    bar,
  );
  const facts = h('div', { class: 'facts' });
  const messageBox = createMessageBox();
  const open = (label: string, path: string, type: 'openExperiment' | 'openLog' | 'reveal') =>
    h(
      'vscode-button',
      { appearance: 'icon', 'aria-label': label, title: label, onclick: () => post({ type }) },
      icon(path),
      h('div', { class: 'text' }, label),
    );
  const files = createToolbar(
    t('Run files'),
    { class: 'controls files' },
    open(t('Open experiment'), icons.experiment, 'openExperiment'),
    open(t('Open log'), icons.log, 'openLog'),
    open(t('Reveal run folder'), icons.folder, 'reveal'),
  );
  const fork = forkText(run.parent);
  const name = fork === '' ? h('h1', {}) : h('span', { class: 'name' });
  const heading = fork === '' ? name : h('h1', { class: 'of-fork' }, name, h('span', { class: 'fork' }, ` ${fork}`));
  const element = h(
    'header',
    {},
    h(
      'div',
      { class: 'title' },
      heading,
      badge,
      h(
        'div',
        { class: 'controls' },
        createToolbar(t('Run'), { class: 'controls' }, actionButtons.element),
        createDisclosure(t('More actions'), 'more', files, false, () => {}),
        files,
      ),
    ),
    progress,
    facts,
    messageBox.element,
  );

  let shown: MonitorStatus = { status: null, liveness: null };
  const refresh = () => {
    const { status, givenName = run.name } = shown;
    const state = displayStateOf(shown);
    setText(name, givenName);
    const lines = [givenName, givenName === run.name ? '' : run.name, run.directory, forkTooltip(run.parent)];
    set(heading, { title: lines.filter((line) => line !== '').join('\n') });
    const display = stateDisplays[state];
    actionButtons.show(display.actions, status);
    setText(badge, actionButtons.pending() ?? display.label);
    badge.className = `badge ${display.tone}`;
    element.dataset.state = state;
    const share = status === null || status.steps === 0 ? 0 : Math.min(1, status.step / status.steps);
    bar.style.transform = `scaleX(${share})`;
    set(progress, {
      'aria-valuemax': status?.steps ?? 1,
      'aria-valuenow': status?.step ?? 0,
      'aria-valuetext':
        status === null ? t('not started') : t('step {0} of {1}', formatCount(status.step), formatCount(status.steps)),
    });
    const all = factsOf(shown, Date.now() / 1000, secondsPerStep(status?.medianStepSeconds ?? null));
    // Below the facts it would move the page while the run only stops.
    if (state === 'stopping') all.push(['description', display.description, '']);
    facts.replaceChildren(...all.map(([key, text, title]) => h('span', { class: key, title }, text)));
    // Before the first status, the facts are enough.
    const description = (state === 'starting' && status === null) || state === 'stopping' ? '' : display.description;
    // While paused or stopping, the translated description replaces the trainer's message.
    const message = state === 'paused' || state === 'stopping' ? '' : (status?.message ?? '');
    const waiting = isActive(state) ? waitingText(actionButtons.secondsWaiting(), state, status) : '';
    messageBox.show(display.tone, [description, message, waiting, otherHostText(shown)], status?.errors ?? []);
  };
  refresh();
  return {
    element,
    show(status) {
      shown = status;
      refresh();
    },
    answered: actionButtons.answered,
    tick() {
      if (isActive(displayStateOf(shown))) refresh();
    },
  };
}

/** A trainer that trains fast responds at once. */
const waitingAfterSeconds = 10;

/** That the trainer has not responded to a button for a while, and if it has stalled, what to do. */
function waitingText(seconds: number | null, state: DisplayState, status: RunStatus | null): string {
  if (seconds === null || seconds < waitingAfterSeconds) return '';
  const text = t('Waiting for the trainer for {0}: it responds after its current step.', duration(seconds));
  if (state !== 'stalled' || status === null) return text;
  return `${text} ${t('If it never does, end its process ({0}) and resume from the last checkpoint.', String(status.pid))}`;
}

const otherHostText = ({ status, liveness }: MonitorStatus): string =>
  liveness === 'elsewhere'
    ? t('The run belongs to another machine ({0}); its process cannot be checked from here.', status?.host ?? '')
    : '';

interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Messages below the facts; failures are alerts that list each error with its location. */
function createMessageBox() {
  const element = h('div', { class: 'message', hidden: true });
  let last = '';
  return {
    element,
    show(tone: string, texts: readonly string[], errors: readonly Problem[]): void {
      const messages = texts.filter((text) => text !== '');
      // The status repeats a single error as its message.
      const more = errors.filter(({ message }) => !messages.includes(message));
      const lines = [...messages, ...more.map(withLocation)];
      const key = JSON.stringify([tone, lines]);
      if (key === last) return;
      last = key;
      element.hidden = lines.length === 0;
      element.className = `message ${tone}`;
      set(element, { role: tone === 'bad' ? 'alert' : null });
      const iconElement = tone === 'bad' ? icon(icons.error) : tone === 'warning' ? icon(icons.warning) : null;
      element.replaceChildren(
        ...(iconElement ? [iconElement] : []),
        h('div', {}, ...lines.map((line) => h('p', {}, line))),
      );
    },
  };
}

const withLocation = ({ message, file, line, column }: Problem): string =>
  file === undefined ? message : `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`;

/** A fact in the header: CSS class, text and tooltip. */
export type Fact = readonly [kind: string, text: string, title: string];

/** `now` is in Unix seconds; `recentSecondsPerStep` is null if unknown. */
export function factsOf(shown: MonitorStatus, now: number, recentSecondsPerStep: number | null): Fact[] {
  const { status } = shown;
  if (status === null) return [['step', t('Waiting for the trainer'), '']];
  const { step, steps, updatedAt, device, engine, threads, attempt } = status;
  const seconds = recentSecondsPerStep ?? status.medianStepSeconds;
  const state = displayStateOf(shown);
  const active = isActive(state);
  const facts: Fact[] = [
    ['step', t('step {0} of {1}', formatCount(step), formatCount(steps)), t('Generator updates')],
    ['share', percent(steps === 0 ? 0 : step / steps, 0), t('Share of steps completed')],
  ];
  const slowRate = status.slowMotionRate ?? null;
  const fullSpeed = state === 'running' && slowRate === null;
  const left = fullSpeed ? secondsLeft(status, now) : null;
  if (left !== null && step < steps)
    facts.push([
      'eta',
      t('{0} left', duration(left)),
      t('Estimated from the current pace, and the samples and checkpoints that are due'),
    ]);
  if (state === 'running' && slowRate !== null)
    facts.push(['rate', t('slow motion'), t('{0} network updates per second', round(slowRate))]);
  if (fullSpeed && seconds !== null)
    facts.push([
      'rate',
      stepRate(seconds),
      t(
        'Generator updates per second over the last 20 seconds, ' +
          'including the time for samples, metrics and checkpoints',
      ),
    ]);
  const elapsed = secondsOf({ ...status, updatedAt: active ? now : updatedAt });
  const elapsedTooltip =
    attempt > 1
      ? t('Over all attempts with their pauses, without the time between them')
      : t('Since the run started, with pauses');
  facts.push([
    'elapsed',
    active ? t('{0} elapsed', duration(elapsed)) : t('{0} total', duration(elapsed)),
    elapsedTooltip,
  ]);
  const threadText = threads === null ? '' : threads === 1 ? t('1 thread') : t('{0} threads', threads);
  const machine = [device?.toUpperCase() ?? '', engine ?? '', threadText].filter((part) => part !== '').join(', ');
  if (machine !== '') facts.push(['machine', machine, t('Device, engine and threads')]);
  const best = status.best ?? null;
  if (best !== null)
    facts.push([
      'best',
      t('best {0} at step {1}', metricLabel(best.metric), formatCount(best.step)),
      t('The checkpoint of this step is kept. {0}: {1}', metricLabel(best.metric), formatMeasurement(best.value)),
    ]);
  if (attempt > 1) facts.push(['attempt', t('attempt {0}', attempt), t('Each resume starts a new attempt')]);
  return facts;
}
