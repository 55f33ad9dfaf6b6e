// The header of a run's page: name, state, buttons, progress, and the facts below the progress bar.
import type { FromPage, MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { h, icon, set, setText } from '../ui/dom';
import { count, duration, pace, percent, round } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { stateDisplays, isActive, displayStateOf } from './displayState';
import { createToolbar } from '../ui/toolbar';
import { createActionButtons } from './actionButtons';

export interface Header {
  readonly element: HTMLElement;
  show(status: MonitorStatus): void;
  /** Time has gone by: the one thing that changes without being told. */
  tick(): void;
}

export function createHeader(
  run: Pick<MonitorState, 'name' | 'directory'>,
  post: (message: FromPage) => void,
  pace: (median: number | null) => number | null,
): Header {
  const badge = h('span', { class: 'badge', role: 'status' });
  const controls = createActionButtons(post);
  const bar = h('div', { class: 'bar' });
  const progress = h(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': t('Training'), 'aria-valuemin': 0 },
    bar,
  );
  const facts = h('div', { class: 'facts' });
  const message = createMessage();
  const open = (label: string, path: string, type: 'openExperiment' | 'openLog' | 'reveal') =>
    h(
      'vscode-button',
      { appearance: 'icon', 'aria-label': label, title: label, onclick: () => post({ type }) },
      icon(path),
    );
  const element = h(
    'header',
    {},
    h(
      'div',
      { class: 'title' },
      h('h1', { title: run.directory }, run.name),
      badge,
      h(
        'div',
        { class: 'controls' },
        createToolbar(t('Run'), { class: 'controls' }, controls.element),
        createToolbar(
          t('Files of the run'),
          { class: 'controls files' },
          open(t('Open experiment'), icons.experiment, 'openExperiment'),
          open(t('Open log'), icons.log, 'openLog'),
          open(t('Reveal run directory'), icons.folder, 'reveal'),
        ),
      ),
    ),
    progress,
    facts,
    message.element,
  );

  let shown: MonitorStatus = { status: null, liveness: null };
  const refresh = () => {
    const { status } = shown;
    const situation = displayStateOf(shown);
    const face = stateDisplays[situation];
    setText(badge, face.label);
    badge.className = `badge ${face.tone}`;
    element.dataset.situation = situation;
    controls.show(face.actions, status);
    const share = status === null || status.steps === 0 ? 0 : Math.min(1, status.step / status.steps);
    bar.style.transform = `scaleX(${share})`;
    set(progress, {
      'aria-valuemax': status?.steps ?? 1,
      'aria-valuenow': status?.step ?? 0,
      'aria-valuetext':
        status === null ? t('not begun') : t('step {0} of {1}', count(status.step), count(status.steps)),
    });
    facts.replaceChildren(
      ...factsOf(shown, Date.now() / 1000, pace(status?.medianStepSeconds ?? null)).map(([key, text, title]) =>
        h('span', { class: key, title }, text),
      ),
    );
    // Of a process that has said nothing yet, the facts say all.
    const text = situation === 'starting' && status === null ? '' : face.description;
    // What a trainer at work waits for is said by its face, in the page's language.
    const said = situation === 'paused' || situation === 'stopping' ? '' : (status?.message ?? '');
    message.show(face.tone, [text, said, otherHostText(shown)], status?.errors ?? []);
  };
  refresh();
  return {
    element,
    show(status) {
      shown = status;
      refresh();
    },
    tick() {
      if (isActive(displayStateOf(shown))) refresh();
    },
  };
}

const otherHostText = ({ status, liveness }: MonitorStatus): string =>
  liveness === 'elsewhere'
    ? t('It belongs to the machine {0}: whether it is alive cannot be seen from here.', status?.host ?? '')
    : '';

interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Sentences below the facts; what went wrong is an alert, with each error at its place. */
function createMessage() {
  const element = h('div', { class: 'message', hidden: true });
  let last = '';
  return {
    element,
    show(tone: string, texts: readonly string[], errors: readonly Problem[]): void {
      const said = texts.filter((text) => text !== '');
      // The status repeats its one error as its message.
      const more = errors.filter(({ message }) => !said.includes(message));
      const lines = [...said, ...more.map(withLocation)];
      const key = JSON.stringify([tone, lines]);
      if (key === last) return;
      last = key;
      element.hidden = lines.length === 0;
      element.className = `message ${tone}`;
      set(element, { role: tone === 'bad' ? 'alert' : null });
      const sign = tone === 'bad' ? icon(icons.error) : tone === 'warning' ? icon(icons.warning) : null;
      element.replaceChildren(...(sign ? [sign] : []), h('div', {}, ...lines.map((line) => h('p', {}, line))));
    },
  };
}

const withLocation = ({ message, file, line, column }: Problem): string =>
  file === undefined ? message : `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`;

/** A fact of the head: its kind, its text, and what it is. */
export type Fact = readonly [kind: string, text: string, title: string];

/** `now` is in Unix seconds; `paced` are the seconds that a step takes of late, null where that is not known. */
export function factsOf(shown: MonitorStatus, now: number, paced: number | null): Fact[] {
  const { status } = shown;
  if (status === null) return [['step', t('Waiting for the trainer'), '']];
  const { step, steps, startedAt, updatedAt, device, engine, threads, attempt } = status;
  const seconds = paced ?? status.medianStepSeconds;
  const situation = displayStateOf(shown);
  const working = isActive(situation);
  const facts: Fact[] = [
    ['step', t('step {0} of {1}', count(step), count(steps)), t('Generator updates')],
    ['share', percent(steps === 0 ? 0 : step / steps, 0), t('Share of the steps')],
  ];
  const slow = status.slowMotionRate ?? null;
  const atSpeed = situation === 'running' && slow === null;
  if (atSpeed && seconds !== null && step < steps)
    facts.push(['eta', t('{0} left', duration((steps - step) * seconds)), t('At the pace of the last 20 seconds')]);
  if (situation === 'running' && slow !== null)
    facts.push(['pace', t('slow motion'), t('{0} updates of a network a second', round(slow))]);
  if (atSpeed && seconds !== null)
    facts.push([
      'pace',
      pace(seconds),
      t('Generator updates a second over the last 20 seconds, with all that lies between them'),
    ]);
  const elapsed = (working ? now : updatedAt) - startedAt;
  const sinceWhen = attempt > 1 ? t('Since the start of attempt {0}', attempt) : t('Since its start');
  facts.push([
    'elapsed',
    working ? t('{0} elapsed', duration(elapsed)) : t('{0} in all', duration(elapsed)),
    sinceWhen,
  ]);
  const threaded = threads === null ? '' : threads === 1 ? t('1 thread') : t('{0} threads', threads);
  const machine = [device?.toUpperCase() ?? '', engine ?? '', threaded].filter((part) => part !== '').join(', ');
  if (machine !== '') facts.push(['machine', machine, t('Device, engine and threads')]);
  if (attempt > 1) facts.push(['attempt', t('attempt {0}', attempt), t('One more for each time it was gone on with')]);
  return facts;
}
