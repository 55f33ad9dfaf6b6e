// The samples: the picture of one step with real ones beside it, a slider over the steps, and what can be done with a picture.
import type { FromPage, MonitorLive, MonitorSamples, SampleName } from '../../src/protocol/monitor';
import { h, icon, set, setText } from '../ui/dom';
import { createToggleButton } from '../ui/widgets';
import { count } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { nearestSample } from '../curve/nearestStep';
import { positionText } from './stepPosition';
import { createToolbar } from '../ui/toolbar';
import { copyImage, createSampleImage } from './sampleImage';

export interface SampleViewer {
  readonly element: HTMLElement;
  show(samples: MonitorSamples): void;
  /** How the run is at this moment, while it is stepped by hand: shown until another picture is chosen. Null afterwards. */
  live(live: MonitorLive | null): void;
  /** What is asked of the run now is to be seen. */
  followLive(): void;
  /** What stands in the place of a picture. */
  showPlaceholder(text: string): void;
}

export interface SampleViewState {
  /** The step that is looked at; null to follow the latest. */
  readonly sampleStep: number | null;
  /** Real samples are laid beside. */
  readonly real: boolean;
}

/** `onView` is told what the user changes, `announce` what cannot be seen on the page. */
export function createSampleViewer(
  view: SampleViewState,
  onView: (change: Partial<SampleViewState>) => void,
  post: (message: FromPage) => void,
  announce: (text: string) => void,
): SampleViewer {
  let now: MonitorSamples = { samples: [], real: null };
  let step = view.sampleStep;
  let withReal = view.real;
  let live: MonitorLive | null = null;
  let showsLive = false;
  /** What has become of the picture, for a moment. */
  let said = '';
  const open = (sample: SampleName) => post({ type: 'openSample', sample });
  const picture = createSampleImage(open);
  const real = createSampleImage(open);
  const choose = (next: number | null) => {
    step = next;
    showsLive = live !== null && next === null;
    onView({ sampleStep: step });
    refresh();
  };
  const index = () => nearestSample(now.samples, step);
  const chosen = () => now.samples[index()];
  const follows = () => showsLive || step === null;
  /** What is looked at. */
  const looked = (): { readonly name: SampleName; readonly uri: string; readonly alt: string } | undefined => {
    if (live !== null && showsLive)
      return { name: 'live', uri: live.uri, alt: t('Samples at this moment, {0}', positionText(live)) };
    const sample = chosen();
    return sample && { name: sample.step, uri: sample.uri, alt: t('Samples at step {0}', sample.step) };
  };
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    'aria-label': t('Step of the samples'),
    oninput: () => choose(now.samples[slider.valueAsNumber]?.step ?? null),
  });
  // The live picture comes behind the last that is kept.
  const move = (by: number) => () =>
    choose(now.samples[showsLive ? now.samples.length - 1 : index() + by]?.step ?? step);
  const button = (label: string, path: string, onclick: () => void) =>
    h('vscode-button', { appearance: 'icon', 'aria-label': label, title: label, onclick }, icon(path));
  const previous = button(t('Previous samples'), icons.previous, move(-1));
  const next = button(t('Next samples'), icons.next, move(1));
  const follow = h(
    'vscode-checkbox',
    { title: t('Show each new picture as it comes') },
    t('Follow latest'),
  ) as HTMLElement & { checked: boolean };
  // Also fired when the page itself sets the box, where it then changes nothing.
  follow.addEventListener('change', () => {
    if (follow.checked === follows()) return;
    choose(follow.checked ? null : (chosen()?.step ?? null));
  });
  const beside = createToggleButton(t('Real'), t('Lay real samples beside the generated ones'), withReal, (on) => {
    withReal = on;
    onView({ real: on });
    refresh();
  });
  const copy = async () => {
    const sample = looked();
    if (sample === undefined) return;
    const copied = await copyImage(sample.uri);
    announce(
      copied
        ? typeof sample.name === 'number'
          ? t('The samples of step {0} are on the clipboard.', count(sample.name))
          : t('The live picture is on the clipboard.')
        : t('The picture could not be copied. Save it instead.'),
    );
    said = copied ? t('copied') : t('could not be copied; save it instead');
    refresh();
    setTimeout(() => {
      said = '';
      refresh();
    }, 4000);
  };
  const withChosen = (type: 'openSample' | 'saveSample') => () => {
    const sample = looked();
    if (sample !== undefined) post({ type, sample: sample.name });
  };
  const label = h('span', { class: 'readout' });
  const tools = createToolbar(
    t('Picture'),
    { class: 'controls' },
    beside,
    button(t('Open samples as an image'), icons.open, withChosen('openSample')),
    button(t('Copy samples'), icons.copy, () => void copy()),
    button(t('Save samples as'), icons.save, withChosen('saveSample')),
  );
  const realFigure = h('figure', { class: 'real' }, h('figcaption', {}, t('Real')), real.element);

  const refresh = () => {
    const at = index();
    const sample = now.samples[at];
    const shown = looked();
    const showsReal = withReal && now.real !== null && shown !== undefined;
    element.classList.toggle('empty', shown === undefined);
    element.classList.toggle('unkept', sample === undefined);
    element.classList.toggle('pair', showsReal);
    beside.hidden = now.real === null;
    realFigure.hidden = !showsReal;
    picture.show(shown ?? null);
    real.show(showsReal && now.real !== null ? { name: 'real', uri: now.real, alt: t('Real samples') } : null);
    follow.checked = follows();
    if (live !== null && showsLive) setText(label, `${t('live')} · ${said || positionText(live)}`);
    if (sample === undefined) return;
    set(slider, { max: now.samples.length - 1, 'aria-valuetext': t('step {0}', count(sample.step)) });
    slider.valueAsNumber = at;
    set(previous, { 'aria-disabled': at === 0 && !showsLive ? 'true' : null });
    set(next, { 'aria-disabled': at === now.samples.length - 1 ? 'true' : null });
    if (!showsLive)
      setText(
        label,
        `${t('step {0}', count(sample.step))} · ${said || t('{0} of {1}', count(at + 1), count(now.samples.length))}`,
      );
    element.style.setProperty('--at', now.samples.length > 1 ? String(at / (now.samples.length - 1)) : '0');
  };
  const waiting = h('p', { class: 'waiting' });
  const generated = h('figure', {}, h('figcaption', {}, t('Generated')), picture.element);
  const element = h(
    'section',
    { class: 'samples empty', 'aria-label': t('Samples') },
    h('div', { class: 'legend' }, h('h2', {}, t('Samples')), label, tools),
    h('div', { class: 'frame' }, generated, realFigure, waiting),
    h('div', { class: 'steps' }, previous, slider, next, follow),
  );
  return {
    element,
    show(samples) {
      now = samples;
      refresh();
    },
    live(next) {
      // A picture that is chosen meanwhile stays, until something more is asked of the run.
      showsLive = next !== null && (showsLive || live === null);
      live = next;
      refresh();
    },
    followLive() {
      showsLive = live !== null;
      refresh();
    },
    showPlaceholder: (text) => setText(waiting, text),
  };
}
