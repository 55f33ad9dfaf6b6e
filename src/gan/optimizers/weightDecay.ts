// Weight decay beside an optimizer. Coupled: g ← g + δw, the gradient of δ/2‖w‖². Decoupled: w ← w − αδw beside the update
// (Loshchilov, Hutter 2019, Decoupled Weight Decay Regularization, Algorithm 2).
import * as tf from '@tensorflow/tfjs-core';
import type { WeightDecay } from '../../catalog';
import { gradientOf, type Named, type UpdateRule } from './optimizer';

export function withDecay(
  { rate: delta, coupling }: Pick<WeightDecay, 'rate' | 'coupling'>,
  rule: UpdateRule,
  variables: Named,
): UpdateRule {
  const each = Object.entries(variables);
  return {
    slots: rule.slots,
    update: (gradients, alpha) => {
      if (coupling === 'coupled') {
        const sums = each.map(([name, w]) => [name, tf.add(gradientOf(gradients, name, w), tf.mul(delta, w))]); // g + δw
        rule.update(Object.fromEntries(sums) as typeof gradients, alpha);
        return;
      }
      const shares = each.map(([, w]) => tf.mul(tf.mul(alpha, delta), w)); // αδw, of the weight before the update
      rule.update(gradients, alpha);
      each.forEach(([, w], i) => w.assign(tf.sub(w, shares[i])));
    },
  };
}
