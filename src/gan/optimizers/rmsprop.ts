// RMSProp as the code of WGAN uses it: v ← ρv + (1−ρ)g², w ← w − α g/(√v + ε).
import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../catalog';
import { gradientOf, zerosLike, type Named, type UpdateRule } from './optimizer';

export function rmsprop({ rho, epsilon }: Optimizer<'rmsprop'>, variables: Named, role: string): UpdateRule {
  const slots = zerosLike(variables, role, 'v');
  return {
    slots,
    update: (gradients, alpha) => {
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOf(gradients, name, w);
        const v = slots[`${name}/v`];
        v.assign(tf.add(tf.mul(rho, v), tf.mul(1 - rho, tf.square(g)))); // v ← ρv + (1−ρ)g²
        w.assign(tf.sub(w, tf.div(tf.mul(alpha, g), tf.add(tf.sqrt(v), epsilon)))); // w ← w − α g/(√v + ε)
      }
    },
  };
}
