// One study: the claim, its source, and the progress or the result of its reproduction.
import type { StudyEntry } from '../../src/catalog';
import type { FromReproductionsPage } from '../../src/protocol/monitor';
import type { Reproduction, StudyResult, StudyTraining } from '../../src/protocol/reproductions';
import { formatCount, percent } from '../format';
import { t } from '../l10n';
import { h, icon, set, setText } from '../ui/dom';
import { icons } from '../ui/icons';
import { createToolbar } from '../ui/toolbar';
import { displayOf, isWorking, progressText, shareDone, type StudyDisplay, timeText } from './studyState';

export interface StudyCard {
  readonly element: HTMLElement;
  /** `busy` if another study is being run. */
  show(reproduction: Reproduction, busy: boolean): void;
  /** The extension has handled the last request, perhaps without an effect: the buttons are enabled again. */
  answered(): void;
}

export function createStudyCard(
  id: string,
  { title, claim, source, minutes }: StudyEntry,
  post: (message: FromReproductionsPage) => void,
): StudyCard {
  let pressed = '';
  let shown: Reproduction | undefined;
  const badge = h('span', { class: 'badge' });
  const button = (name: string, label: string, path: string, onclick: () => void) =>
    h(
      'vscode-button',
      {
        appearance: 'secondary',
        class: name,
        'aria-label': `${label}: ${t(title)}`,
        'data-name': `${name} ${id}`,
        onclick,
      },
      h('span', { slot: 'start' }, icon(path)),
      h('div', { class: 'text' }, label),
    );
  /** Until the extension reports a change, a second click has no effect. */
  const once = (type: 'runStudy' | 'stopStudy') => () => {
    if (pressed !== '' || act[type].getAttribute('aria-disabled') === 'true') return;
    pressed = keyOf(shown);
    post({ type, study: id });
    refresh();
  };
  /** The editor asks first, so that nothing may come of a click. */
  const runAgain = () => {
    if (again.getAttribute('aria-disabled') !== 'true') post({ type: 'runStudyAgain', study: id });
  };
  const start = button('run', t('Reproduce'), icons.play, once('runStudy'));
  const resume = button('continue', t('Continue'), icons.play, once('runStudy'));
  const stop = button('stop', t('Stop'), icons.stop, once('stopStudy'));
  const again = button('again', t('Run again'), icons.play, runAgain);
  const act = { runStudy: start, stopStudy: stop };
  const report = button('report', t('Open report'), icons.open, () => post({ type: 'openReport', study: id }));
  const reveal = button('reveal', t('Reveal folder'), icons.folder, () => post({ type: 'revealStudy', study: id }));
  const bar = h('div', { class: 'bar' });
  const progress = h(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': t(title), 'aria-valuemin': 0, 'aria-valuemax': 100 },
    bar,
  );
  const position = h('p', { class: 'position' });
  const message = h('p', { class: 'failure' });
  const verdict = h('p', { class: 'verdict' });
  const figure = h('button', {
    class: 'figure',
    type: 'button',
    title: t('Open figure'),
    onclick: () => post({ type: 'openFigure', study: id }),
  });
  const trainings = createTrainings((run) => post({ type: 'openTraining', study: id, run }));
  const headingId = `study-${id}`;
  const element = h(
    'section',
    { class: 'study', 'aria-labelledby': headingId, 'data-study': id },
    h(
      'div',
      { class: 'about' },
      h('div', { class: 'title' }, h('h2', { id: headingId }, t(title)), badge),
      h('p', { class: 'claim' }, t(claim)),
      h('p', { class: 'source' }, `${source} · ${timeText(minutes)}`),
      progress,
      position,
      message,
      verdict,
      createToolbar(t('Actions for {0}', t(title)), { class: 'controls' }, start, resume, stop, report, reveal, again),
      trainings.element,
    ),
    figure,
  );
  const showDisplay = ({ label, tone, action }: StudyDisplay, busy: boolean) => {
    setText(badge, label);
    badge.className = `badge ${tone}`;
    for (const [each, name] of [
      [start, 'run'],
      [resume, 'continue'],
      [again, 'again'],
      [stop, 'stop'],
    ] as const) {
      const disabled = pressed !== '' || (busy && name !== 'stop');
      each.hidden = action !== name;
      set(each, {
        'aria-disabled': disabled ? 'true' : null,
        title: busy && name !== 'stop' ? t('Another reproduction is running.') : null,
      });
    }
  };
  let another = false;
  const refresh = () => {
    if (shown === undefined) return;
    const { state, result } = shown;
    const display = displayOf(shown);
    showDisplay(display, another);
    const text = progressText(shown);
    const share = shareDone(shown);
    progress.hidden = !isWorking(shown);
    bar.style.transform = `scaleX(${share})`;
    set(progress, {
      'aria-valuenow': Math.floor(100 * share),
      'aria-valuetext': `${percent(share, 0)} ${text}`.trim(),
    });
    setText(position, text);
    position.hidden = text === '';
    const failure = state === 'crashed' ? t('Its process exited unexpectedly.') : (shown.message ?? '');
    setText(message, failure);
    message.hidden = failure === '';
    setText(verdict, result?.verdict ?? '');
    verdict.hidden = result === null;
    report.hidden = result === null;
    reveal.hidden = state === 'new' || state === 'starting';
    showFigure(figure, t(title), result);
    trainings.show(shown);
  };
  return {
    element,
    show(reproduction, busy) {
      shown = reproduction;
      another = busy;
      if (pressed !== keyOf(shown)) pressed = '';
      refresh();
    },
    answered() {
      pressed = '';
      refresh();
    },
  };
}

/** Changes when what the buttons do has had an effect. */
const keyOf = (shown: Reproduction | undefined): string => `${shown?.state} ${shown?.done}`;

function showFigure(button: HTMLElement, title: string, result: StudyResult | null): void {
  const uri = result?.figure ?? '';
  button.hidden = uri === '';
  const image = button.querySelector('img');
  if (uri === (image?.getAttribute('src') ?? '')) return;
  const alt = t('Figure of {0}', title);
  button.replaceChildren(...(uri === '' ? [] : [h('img', { src: uri, alt, loading: 'lazy', draggable: 'false' })]));
}

/** The trainings that have begun, each with a link to its monitor. */
function createTrainings(open: (run: string) => void) {
  const heading = h('h3');
  const list = h('ul');
  const element = h('details', { class: 'folded trainings' }, h('summary', {}, heading), list);
  let listed = '';
  return {
    element,
    show({ trainings, done, state }: Reproduction) {
      const begun = trainings.slice(0, state === 'training' || state === 'interrupted' ? done + 1 : done);
      element.hidden = begun.length === 0;
      const key = begun.map(({ run }) => run).join(' ');
      if (key === listed) return;
      listed = key;
      setText(heading, t('Trainings ({0})', formatCount(begun.length)));
      list.replaceChildren(...begun.map((training) => h('li', {}, linkTo(training, open))));
    },
  };
}

const linkTo = ({ name, seed, run }: StudyTraining, open: (run: string) => void): HTMLElement =>
  h(
    'button',
    { class: 'link', type: 'button', title: t('Open the monitor of this training'), onclick: () => open(run) },
    t('{0}, seed {1}', name, formatCount(seed)),
  );
