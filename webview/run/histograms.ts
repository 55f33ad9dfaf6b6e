// Histograms of each layer's weights and gradients at the step of the shown samples, with the gradient norms.
import type { LayerSummary, StepSummary, ValueSummary } from '../../src/protocol/histograms';
import { breakable, h, setText, svg } from '../ui/dom';
import { formatCount, noValue, round } from '../format';
import { t } from '../l10n';
import { nearestSample } from '../curve/nearestStep';
import { createCollapsible } from '../ui/widgets';

export interface Histograms {
  readonly element: HTMLElement;
  /** Replaces the list from index `from` on. */
  show(from: number, histograms: readonly StepSummary[]): void;
  /** Shows the histograms of the step whose samples are shown; null for the latest. */
  showStep(step: number | null): void;
}

export function createHistograms(step: number | null, open: boolean, onToggle: (open: boolean) => void): Histograms {
  let all: readonly StepSummary[] = [];
  let shown: StepSummary | undefined;
  const normSummary = h('span', { class: 'readout' });
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
  element.querySelector('summary')?.append(normSummary);
  const refresh = () => {
    const now = all[nearestSample(all, step)];
    element.hidden = now === undefined;
    if (now === undefined) return;
    setText(
      normSummary,
      t(
        '‖∇‖ critic {0}, generator {1}',
        normText(gradientNormOf(now, 'critic')),
        normText(gradientNormOf(now, 'generator')),
      ),
    );
    // Filled when opened.
    if (!element.open || now === shown) return;
    shown = now;
    const description = t(
      'At step {0}. Bar heights are logarithmic. ' +
        "‖∇‖ is the gradient norm of the network's training loss, on a logarithmic scale from 10⁻⁸ to 100.",
      formatCount(now.step),
    );
    const parts = networks.map(([network, title]) =>
      networkPart(
        title,
        now.layers.filter((layer) => layer.network === network),
      ),
    );
    content.replaceChildren(h('p', { class: 'description' }, description), ...parts);
  };
  refresh();
  return {
    element,
    show(from, histograms) {
      all = [...all.slice(0, from), ...histograms];
      refresh();
    },
    showStep(next) {
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

/** Two significant digits are enough next to a chart. */
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
  const rangeLabel = (title: string, text: string) => h('span', { title }, text);
  const rangeLabels = h(
    'div',
    { class: 'range-labels', 'aria-hidden': 'true' },
    rangeLabel(t('minimum'), brief(min)),
    rangeLabel(t('mean'), `μ ${brief(mean)}`),
    rangeLabel(t('maximum'), brief(max)),
  );
  return h(
    'div',
    {},
    picture,
    rangeLabels,
    bad === 0 ? null : h('p', { class: 'bad' }, t('{0} not finite', formatCount(bad))),
  );
}

const normBar = (norm: number): SVGElement =>
  svg(
    'svg',
    { viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'track', d: 'M0 0H100V4H0Z' }),
    svg('path', { d: `M0 0H${(100 * normBarShare(norm)).toFixed(1)}V4H0Z` }),
  );

/** The gradient norm of a whole network, √Σ‖∇ₗ‖²; null without gradients. */
export function gradientNormOf({ layers }: StepSummary, network: LayerSummary['network']): number | null {
  const norms = layers.flatMap((layer) => (layer.network === network && layer.gradients ? [layer.gradients.norm] : []));
  return norms.length === 0 ? null : Math.hypot(...norms);
}

/** An SVG path of bars with heights proportional to log(1 + count). */
export function histogramPath({ counts }: Pick<ValueSummary, 'counts'>, width: number, height: number): string {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  const step = width / counts.length;
  return counts
    .map((n, i) => {
      if (n === 0) return '';
      const [left, top, barWidth] = [i * step, height - (height * Math.log1p(n)) / most, 0.88 * step].map(twoDecimals);
      return `M${left} ${height}V${top}h${barWidth}V${height}Z`;
    })
    .join('');
}

/** The position of a value between min and max, in [0, 1]; null outside. */
export function relativePosition({ min, max }: Pick<ValueSummary, 'min' | 'max'>, value: number): number | null {
  return value < min || value > max || min === max ? null : (value - min) / (max - min);
}

/** The share of the bar that a norm fills, logarithmic from 0 at 10⁻⁸ to 1 at 100. */
export const normBarShare = (norm: number): number =>
  norm > 0 ? Math.max(0, Math.min(1, (Math.log10(norm) + 8) / 10)) : 0;

const twoDecimals = (value: number): string => String(Math.round(value * 100) / 100);
