// Stochastic gradient descent with momentum (Polyak 1964): m ← μm + g, w ← w − αm.
import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../catalog';
import { gradientOf, zerosLike, type Named, type UpdateRule } from './optimizer';

export function sgd({ momentum }: Optimizer<'sgd'>, variables: Named, role: string): UpdateRule {
  // Without momentum m is g itself and needs no slot.
  const slots = momentum > 0 ? zerosLike(variables, role, 'm') : {};
  return {
    slots,
    update: (gradients, alpha) => {
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOf(gradients, name, w);
        const m = momentum > 0 ? slots[`${name}/m`] : g;
        if (momentum > 0) slots[`${name}/m`].assign(tf.add(tf.mul(momentum, m), g)); // m ← μm + g
        w.assign(tf.sub(w, tf.mul(alpha, m))); // w ← w − αm
      }
    },
  };
}
