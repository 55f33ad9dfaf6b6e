// Histograms of each layer's weights and gradients at the step of the shown samples, with the gradient norms.
import type { LayerSummary, StepSummary, ValueSummary } from '../../src/protocol/histograms';
import { breakable, h, setText, svg } from '../ui/dom';
import { count, noValue, round } from '../format';
import { t } from '../l10n';
import { nearestSample } from '../curve/nearestStep';
import { createCollapsible } from '../ui/widgets';

export interface Histograms {
  readonly element: HTMLElement;
  /** What is known from place `from` of the list on. */
  show(from: number, histograms: readonly StepSummary[]): void;
  /** The step whose samples are shown; null for the latest. */
  at(step: number | null): void;
}

export function createHistograms(step: number | null, open: boolean, onToggle: (open: boolean) => void): Histograms {
  let all: readonly StepSummary[] = [];
  let shown: StepSummary | undefined;
  const norms = h('span', { class: 'readout' });
  const content = h('div', { class: 'layers' });
  const element = createCollapsible(
    'histograms',
    t('Weights and gradients'),
    open,
    (now) => {
      onToggle(now);
      refresh();
    },
    content,
  );
  element.querySelector('summary')?.append(norms);
  const refresh = () => {
    const now = all[nearestSample(all, step)];
    element.hidden = now === undefined;
    if (now === undefined) return;
    setText(
      norms,
      t(
        '‖∇‖ critic {0}, generator {1}',
        normText(gradientNormOf(now, 'critic')),
        normText(gradientNormOf(now, 'generator')),
      ),
    );
    // A closed one is filled when it is opened.
    if (!element.open || now === shown) return;
    shown = now;
    const lead = t(
      'At step {0}. Heights are logarithms of counts; ‖∇‖ is the norm of the gradient of the loss that the network is trained on, its bar a logarithm from 10⁻⁸ to 100.',
      count(now.step),
    );
    const parts = networks.map(([network, title]) =>
      networkPart(
        title,
        now.layers.filter((layer) => layer.network === network),
      ),
    );
    content.replaceChildren(h('p', { class: 'lead' }, lead), ...parts);
  };
  refresh();
  return {
    element,
    show(from, histograms) {
      all = [...all.slice(0, from), ...histograms];
      refresh();
    },
    at(next) {
      step = next;
      refresh();
    },
  };
}

const networks = [
  ['critic', t('Critic')],
  ['generator', t('Generator')],
] as const;

function networkPart(title: string, layers: readonly LayerSummary[]): HTMLElement {
  const heads = [t('Layer'), t('Weights'), t('Gradients'), '‖∇‖'].map((text) => h('th', { scope: 'col' }, text));
  const rows = layers.map(({ name, weights, gradients }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, ...breakable(name)),
      h('td', {}, weights === null ? noValue : histogram('weights', t('Weights of {0}', name), weights)),
      h('td', {}, gradients === null ? noValue : histogram('gradients', t('Gradients of {0}', name), gradients)),
      h(
        'td',
        { class: 'norm' },
        ...(gradients === null ? [noValue] : [h('span', {}, normText(gradients.norm)), normBar(gradients.norm)]),
      ),
    ),
  );
  return h(
    'table',
    { 'aria-label': title },
    h('caption', {}, title),
    h('thead', {}, h('tr', {}, ...heads)),
    h('tbody', {}, ...rows),
  );
}

/** Two digits are enough beside a picture. */
const brief = (value: number): string => round(Number(value.toPrecision(2)));

const normText = (norm: number | null): string => (norm === null ? noValue : brief(norm));

function histogram(kind: string, name: string, values: ValueSummary): HTMLElement {
  const { min, max, mean, bad } = values;
  const label = t('{0}: from {1} to {2}, mean {3}', name, brief(min), brief(max), brief(mean));
  const zero = relativePosition(values, 0);
  const picture = svg(
    'svg',
    { viewBox: '0 0 120 32', preserveAspectRatio: 'none', role: 'img', 'aria-label': label, class: kind },
    svg('path', { d: histogramPath(values, 120, 32) }),
    zero === null ? null : svg('path', { class: 'zero', d: `M${120 * zero} 0V32` }),
  );
  const mark = (title: string, text: string) => h('span', { title }, text);
  const ends = h(
    'div',
    { class: 'ends', 'aria-hidden': 'true' },
    mark(t('least'), brief(min)),
    mark(t('mean'), `μ ${brief(mean)}`),
    mark(t('greatest'), brief(max)),
  );
  return h('div', {}, picture, ends, bad === 0 ? null : h('p', { class: 'bad' }, t('{0} not finite', count(bad))));
}

const normBar = (norm: number): SVGElement =>
  svg(
    'svg',
    { viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'track', d: 'M0 0H100V4H0Z' }),
    svg('path', { d: `M0 0H${(100 * normBarShare(norm)).toFixed(1)}V4H0Z` }),
  );

/** The norm of a network's whole gradient, √Σ‖∇ₗ‖²; null where none was taken. */
export function gradientNormOf({ layers }: StepSummary, network: LayerSummary['network']): number | null {
  const norms = layers.flatMap((layer) => (layer.network === network && layer.gradients ? [layer.gradients.norm] : []));
  return norms.length === 0 ? null : Math.hypot(...norms);
}

/** An SVG path of bars in a box, as high as the logarithm of one more than their counts. */
export function histogramPath({ counts }: Pick<ValueSummary, 'counts'>, width: number, height: number): string {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  const step = width / counts.length;
  return counts
    .map((n, i) => {
      const tall = (height * Math.log1p(n)) / most;
      return n === 0
        ? ''
        : `M${twoDecimals(i * step)} ${height}V${twoDecimals(height - tall)}h${twoDecimals(0.88 * step)}V${height}Z`;
    })
    .join('');
}

/** Where a value lies between the least and the greatest, in [0, 1]; null outside. */
export function relativePosition({ min, max }: Pick<ValueSummary, 'min' | 'max'>, value: number): number | null {
  return value < min || value > max || min === max ? null : (value - min) / (max - min);
}

/** How much of its bar a norm fills: from nothing at 10⁻⁸ to all at 100, each power of ten a tenth. */
export const normBarShare = (norm: number): number =>
  norm > 0 ? Math.max(0, Math.min(1, (Math.log10(norm) + 8) / 10)) : 0;

const twoDecimals = (value: number): string => String(Math.round(value * 100) / 100);
