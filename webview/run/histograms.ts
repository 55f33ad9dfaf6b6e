// What is drawn of a layer's values: bars, the place of zero, and how large a gradient is beside others.
import type { LayerSummary, StepSummary, ValueSummary } from '../../src/protocol/histograms';

/** The norm of a network's whole gradient, √Σ‖∇ₗ‖²; null where none was taken. */
export function normOf({ layers }: StepSummary, network: LayerSummary['network']): number | null {
  const norms = layers.flatMap((layer) => (layer.network === network && layer.gradients ? [layer.gradients.norm] : []));
  return norms.length === 0 ? null : Math.hypot(...norms);
}

/** An SVG path of bars in a box, as high as the logarithm of one more than their counts. */
export function barsOf({ counts }: Pick<ValueSummary, 'counts'>, width: number, height: number): string {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  const step = width / counts.length;
  return counts
    .map((n, i) => {
      const tall = (height * Math.log1p(n)) / most;
      return n === 0 ? '' : `M${f(i * step)} ${height}V${f(height - tall)}h${f(0.88 * step)}V${height}Z`;
    })
    .join('');
}

/** Where a value lies between the least and the greatest, in [0, 1]; null outside. */
export function placeIn({ min, max }: Pick<ValueSummary, 'min' | 'max'>, value: number): number | null {
  return value < min || value > max || min === max ? null : (value - min) / (max - min);
}

/** How much of its bar a norm fills: from nothing at 10⁻⁸ to all at 100, each power of ten a tenth. */
export const normShare = (norm: number): number =>
  norm > 0 ? Math.max(0, Math.min(1, (Math.log10(norm) + 8) / 10)) : 0;

const f = (value: number): string => String(Math.round(value * 100) / 100);
