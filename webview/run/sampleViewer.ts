// The sample viewer: the sample image of a step, optionally with real samples, a slider over the steps, and copy and
// save buttons.
import type { FromPage, MonitorLive, MonitorSample, MonitorSamples, SampleName } from '../../src/protocol/monitor';
import { h, icon, set, setText } from '../ui/dom';
import { createToggleButton } from '../ui/widgets';
import { formatCount } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { nearestSample } from '../curve/nearestStep';
import { positionText } from './stepPosition';
import { createToolbar } from '../ui/toolbar';
import { copyImage, createSampleImage } from './sampleImage';

export interface SampleViewer {
  readonly element: HTMLElement;
  /** Replaces the images from index `from` on. */
  show(from: number, samples: MonitorSamples): void;
  /** The live preview during manual stepping, shown until another image is selected; null when it ends. */
  live(live: MonitorLive | null): void;
  /** Returns to the live preview, since the user requested an update. */
  followLive(): void;
  /** Text shown while there is no image. */
  showPlaceholder(text: string): void;
}

export interface SampleViewState {
  /** The selected step; null to follow the latest. */
  readonly sampleStep: number | null;
  /** Show real samples next to the generated ones. */
  readonly real: boolean;
}

/**
 * `onView` receives the user's view changes; `announce` passes text to screen readers; `legend` explains the images.
 */
export function createSampleViewer(
  view: SampleViewState,
  onView: (change: Partial<SampleViewState>) => void,
  post: (message: FromPage) => void,
  announce: (text: string) => void,
  legend: HTMLElement | null = null,
): SampleViewer {
  const current: { samples: MonitorSample[]; real: string | null } = { samples: [], real: null };
  let step = view.sampleStep;
  let showReal = view.real;
  let live: MonitorLive | null = null;
  let showsLive = false;
  /** The result of copying, shown for a few seconds. */
  let copyResult = '';
  const open = (sample: SampleName) => post({ type: 'openSample', sample });
  const generatedImage = createSampleImage(open);
  const realImage = createSampleImage(open);
  const select = (next: number | null) => {
    step = next;
    showsLive = live !== null && next === null;
    onView({ sampleStep: step });
    refresh();
  };
  const index = () => nearestSample(current.samples, step);
  const selectedSample = () => current.samples[index()];
  const follows = () => showsLive || step === null;
  const selected = (): { readonly name: SampleName; readonly uri: string; readonly alt: string } | undefined => {
    if (live !== null && showsLive)
      return { name: 'live', uri: live.uri, alt: t('Live samples, {0}', positionText(live)) };
    const sample = selectedSample();
    return sample && { name: sample.step, uri: sample.uri, alt: t('Samples at step {0}', formatCount(sample.step)) };
  };
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    'aria-label': t('Sample step'),
    oninput: () => select(current.samples[slider.valueAsNumber]?.step ?? null),
  });
  // The live image comes after the last saved one.
  const moveBy = (by: number) => () =>
    select(current.samples[showsLive ? current.samples.length - 1 : index() + by]?.step ?? step);
  const button = (label: string, path: string, onclick: () => void) =>
    h('vscode-button', { appearance: 'icon', 'aria-label': label, title: label, onclick }, icon(path));
  const previous = button(t('Previous samples'), icons.previous, moveBy(-1));
  const next = button(t('Next samples'), icons.next, moveBy(1));
  const follow = h(
    'vscode-checkbox',
    { title: t('Show each new sample image as it arrives') },
    t('Follow latest'),
  ) as HTMLElement & { checked: boolean };
  // Also fired when the page sets the checkbox; then nothing changes.
  follow.addEventListener('change', () => {
    if (follow.checked === follows()) return;
    select(follow.checked ? null : (selectedSample()?.step ?? null));
  });
  const realToggle = createToggleButton(
    t('Real'),
    t('Show real samples next to the generated ones'),
    showReal,
    (on) => {
      showReal = on;
      onView({ real: on });
      refresh();
    },
  );
  const copy = async () => {
    const sample = selected();
    if (sample === undefined) return;
    const copied = await copyImage(sample.uri);
    if (!copied) announce(t('The image could not be copied. Save it instead.'));
    else if (sample.name === 'live') announce(t('Copied the live samples to the clipboard.'));
    else announce(t('Copied the samples at step {0} to the clipboard.', formatCount(Number(sample.name))));
    copyResult = copied ? t('copied') : t('copying failed; save it instead');
    refresh();
    setTimeout(() => {
      copyResult = '';
      refresh();
    }, 4000);
  };
  const postSelected = (type: 'openSample' | 'saveSample') => () => {
    const sample = selected();
    if (sample !== undefined) post({ type, sample: sample.name });
  };
  const label = h('span', { class: 'readout' });
  const tools = createToolbar(
    t('Sample image'),
    { class: 'controls' },
    realToggle,
    button(t('Open sample image'), icons.open, postSelected('openSample')),
    button(t('Copy sample image'), icons.copy, () => void copy()),
    button(t('Save sample image'), icons.save, postSelected('saveSample')),
  );
  const realFigure = h('figure', { class: 'real' }, h('figcaption', {}, t('Real')), realImage.element);

  const refresh = () => {
    const at = index();
    const sample = current.samples[at];
    const shown = selected();
    const realShown = showReal && current.real !== null && shown !== undefined;
    element.classList.toggle('empty', shown === undefined);
    element.classList.toggle('no-saved-samples', sample === undefined);
    element.classList.toggle('pair', realShown);
    realToggle.hidden = current.real === null;
    realFigure.hidden = !realShown;
    generatedImage.show(shown ?? null);
    realImage.show(
      realShown && current.real !== null ? { name: 'real', uri: current.real, alt: t('Real samples') } : null,
    );
    follow.checked = follows();
    if (live !== null && showsLive) setText(label, `${t('live')} · ${copyResult || positionText(live)}`);
    if (sample === undefined) return;
    set(slider, { max: current.samples.length - 1, 'aria-valuetext': t('step {0}', formatCount(sample.step)) });
    slider.valueAsNumber = at;
    set(previous, { 'aria-disabled': at === 0 && !showsLive ? 'true' : null });
    set(next, { 'aria-disabled': at === current.samples.length - 1 ? 'true' : null });
    if (!showsLive) {
      const position = t('{0} of {1}', formatCount(at + 1), formatCount(current.samples.length));
      setText(label, `${t('step {0}', formatCount(sample.step))} · ${copyResult || position}`);
    }
    element.style.setProperty('--at', current.samples.length > 1 ? String(at / (current.samples.length - 1)) : '0');
  };
  const placeholder = h('p', { class: 'placeholder' });
  const generated = h('figure', {}, h('figcaption', {}, t('Generated')), generatedImage.element);
  const element = h(
    'section',
    { class: 'samples empty', 'aria-label': t('Samples') },
    h('div', { class: 'legend' }, h('h2', {}, t('Samples')), label, tools),
    h('div', { class: 'frame' }, generated, realFigure, placeholder),
    legend,
    h('div', { class: 'steps' }, previous, slider, next, follow),
  );
  return {
    element,
    show(from, { samples, real }) {
      current.samples.length = Math.min(from, current.samples.length);
      for (const sample of samples) current.samples.push(sample);
      current.real = real;
      refresh();
    },
    live(next) {
      // Keep an image that the user selected until they request another update.
      showsLive = next !== null && (showsLive || live === null);
      live = next;
      refresh();
    },
    followLive() {
      showsLive = live !== null;
      refresh();
    },
    showPlaceholder: (text) => setText(placeholder, text),
  };
}
