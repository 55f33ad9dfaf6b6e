// What the distances between two distributions show, in a sentence or two, and their values as text.
import type { LineDistances } from '../../src/math/lineDistributions';
import { formatMeasurement } from '../format';
import { t } from '../l10n';

export function insightOf({ kl, reverseKl, js, chiSquare, w1 }: LineDistances): string {
  if (w1 < 1e-9 && js < 1e-9) return t('p and q are equal: every distance is 0.');
  const disjoint = js > Math.LN2 - 1e-6;
  if (disjoint && kl === Infinity)
    return t(
      'The supports are disjoint: KL and χ² are infinite, and JS, TV and H² stay at their maxima wherever q is, without a gradient. Only W₁ shows how far q has to move.',
    );
  if (disjoint)
    return t(
      'p and q hardly overlap: JS, TV and H² are at their maxima and flat. KL and χ² are huge, and W₁ is the distance.',
    );
  if (kl === Infinity && reverseKl === Infinity)
    return t('Each has mass where the other has none: both KL divergences are infinite, although p and q overlap.');
  if (kl === Infinity) return t('p has mass where q has none: KL(p‖q) is infinite, although p and q overlap.');
  if (reverseKl === Infinity) return t('q has mass where p has none: KL(q‖p) is infinite, although p and q overlap.');
  if (chiSquare === Infinity)
    return t('p and q overlap: only χ² is infinite, since the tails of q are much lighter than those of p.');
  return t('p and q overlap everywhere that matters: the distances change smoothly, with a gradient.');
}

/** More digits say nothing: between Gaussians χ² reaches 10¹⁷⁰. */
const largest = 1e9;

export const distanceText = (value: number): string =>
  value === Infinity || value <= largest ? formatMeasurement(value < 1e-9 ? 0 : value) : t('over 1 billion');
