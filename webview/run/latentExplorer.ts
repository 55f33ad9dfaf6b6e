// The latent explorer: samples of the run's generator by seed, around one of them, and on the way between two.
import type { LatentAnswer, LatentRequest } from '../../src/protocol/latents';
import type { FromPage, MonitorSetting } from '../../src/protocol/monitor';
import { formatCount } from '../format';
import { t } from '../l10n';
import { h, set, setText } from '../ui/dom';
import { createCollapsible } from '../ui/widgets';
import { arePlots } from './sampleImage';

export interface LatentExplorer {
  readonly element: HTMLElement;
  show(answer: LatentAnswer): void;
}

/** Samples in a grid of four by four, and points in a plot. */
const imageCount = 16;
const pointCount = 512;
/** Samples of an interpolation: images side by side, or points that look like a line. */
const stripCount = 8;
const pathCount = 32;

/** The sample of a square grid of `count` at a position, shares of its width and height; −1 if there is none. */
export function tileAt(count: number, x: number, y: number): number {
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const tile = Math.floor(y * rows) * columns + Math.floor(x * columns);
  return x < 0 || y < 0 || x >= 1 || y >= 1 || tile >= count ? -1 : tile;
}

export function createLatentExplorer(
  settings: readonly MonitorSetting[],
  post: (message: FromPage) => void,
  announce: (text: string) => void,
): LatentExplorer {
  const plots = arePlots(settings);
  let requested: LatentRequest | null = null;
  let shown: LatentRequest | null = null;
  /** The next sample that is selected becomes the end of the interpolation instead of its start. */
  let selectsEnd = false;
  let fields = 0;
  const field = (label: string, hint: string, value: string, attributes: Record<string, string | number>) => {
    const id = `latent-field-${(fields += 1)}`;
    const described = { 'aria-label': label, 'data-name': label, 'aria-describedby': id };
    const input = h('input', { type: 'number', value, ...described, ...attributes });
    const text = h('span', { class: 'hint', id }, hint);
    return { input, element: h('label', {}, h('span', {}, label), input, text) };
  };
  const whole = { min: 0, step: 1 };
  const seed = field(t('Seed'), t('For the first sample; the others use the following seeds.'), '0', whole);
  const truncation = field(
    t('Truncation'),
    t('Latent values beyond this limit are drawn again: fewer outliers, less variety. Empty: no limit.'),
    '',
    { min: 0.01, step: 'any' },
  );
  const step = field(t('Up to step'), t('The last checkpoint at or before this step. Empty: the latest.'), '', whole);
  const distance = field(
    t('Distance'),
    t('How far a neighbor is from the sample of the seed: 0 is that sample, 1 another one.'),
    '0.2',
    {
      min: 0.01,
      max: 1,
      step: 'any',
    },
  );
  const to = field(t('To seed'), t('For the last sample of an interpolation.'), '1', whole);
  const numberOr = <T>({ input }: { readonly input: HTMLInputElement }, otherwise: T): number | T =>
    input.value !== '' && input.validity.valid ? input.valueAsNumber : otherwise;
  const request = (kind: LatentRequest['kind']) => () => {
    requested = {
      kind,
      seed: numberOr(seed, 0),
      to: numberOr(to, 1),
      count: kind === 'strip' || kind === 'gif' ? (plots ? pathCount : stripCount) : plots ? pointCount : imageCount,
      truncation: numberOr(truncation, null),
      distance: numberOr(distance, 0.2),
      step: numberOr(step, null),
    };
    post({ type: 'explore', request: requested });
    setText(readout, t('Generating samples…'));
  };
  const button = (label: string, title: string, onclick: () => void) =>
    h('vscode-button', { appearance: 'secondary', 'aria-label': label, 'data-name': label, title, onclick }, label);
  const buttons = [
    button(t('Samples'), t('Generate samples of consecutive seeds'), request('samples')),
    button(t('Next'), t('Generate samples of the next seeds'), () => {
      seed.input.value = String(numberOr(seed, 0) + (plots ? pointCount : imageCount));
      request('samples')();
    }),
    button(t('Neighborhood'), t('Generate samples close to that of the seed'), request('near')),
    button(t('Interpolation'), t('Interpolate between the two seeds'), request('strip')),
    button(t('GIF'), t('Show the interpolation as an animation that plays forward and backward'), request('gif')),
  ];
  const readout = h('p', { class: 'readout', role: 'status' });
  const image = h('img', { alt: '', hidden: true });
  const frame = h('div', { class: 'sample-image' }, image);
  const hint = h(
    'p',
    { class: 'description' },
    plots
      ? t('Generates samples from any checkpoint, by seed, in a separate process.')
      : t(
          'Generates samples from any checkpoint, by seed. Select two samples in the image to interpolate between them.',
        ),
  );
  image.addEventListener('click', ({ offsetX, offsetY }) => {
    if (shown === null || plots || shown.kind === 'strip' || shown.kind === 'gif') return;
    const tile = tileAt(shown.count, offsetX / image.clientWidth, offsetY / image.clientHeight);
    // A sample of a neighborhood has no seed of its own.
    if (tile < 0 || shown.kind === 'near') return;
    const selected = shown.seed + tile;
    (selectsEnd ? to : seed).input.value = String(selected);
    const text = selectsEnd ? t('To seed {0}.', formatCount(selected)) : t('From seed {0}.', formatCount(selected));
    selectsEnd = !selectsEnd;
    setText(readout, text);
  });
  const element = createCollapsible(
    'latents',
    t('Latent explorer'),
    false,
    () => {},
    h(
      'div',
      { class: 'latent-explorer' },
      hint,
      h('div', { class: 'fields' }, ...[seed, to, truncation, distance, step].map((each) => each.element)),
      h('div', { class: 'controls' }, ...buttons),
      readout,
      frame,
    ),
  );
  element.classList.toggle('plots', plots);
  const describe = ({ kind, seed: from, to: end, count, distance: share }: LatentRequest): string => {
    const texts = {
      samples: t('seeds {0} to {1}', formatCount(from), formatCount(from + count - 1)),
      near: t('near seed {0}, distance {1}', formatCount(from), share),
      strip: t('from seed {0} to seed {1}', formatCount(from), formatCount(end)),
      gif: t('from seed {0} to seed {1}', formatCount(from), formatCount(end)),
    };
    return texts[kind];
  };
  return {
    element,
    show(answer) {
      if (answer.problem !== null) {
        setText(readout, answer.problem);
        announce(answer.problem);
        return;
      }
      shown = requested;
      selectsEnd = false;
      const text = shown === null ? '' : `${t('step {0}', formatCount(answer.step))} · ${describe(shown)}`;
      setText(readout, text);
      image.hidden = false;
      image.src = answer.uri;
      set(image, { alt: t('Generated samples, {0}', text) });
    },
  };
}
