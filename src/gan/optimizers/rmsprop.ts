// RMSProp as the code of WGAN uses it: v ← ρv + (1−ρ)g², w ← w − α g/(√v + ε).
import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../catalog';
import { zerosLike, type Named, type OptimizerMaths } from './optimizer';

export function rmsprop(
  { learningRate, rho, epsilon }: Optimizer<'rmsprop'>,
  variables: Named,
  role: string,
): OptimizerMaths {
  const slots = zerosLike(variables, role, 'v');
  return {
    slots,
    update: (gradients) => {
      for (const [name, w] of Object.entries(variables)) {
        const g = gradients[name] ?? tf.zerosLike(w);
        const v = slots[`${name}/v`];
        v.assign(tf.add(tf.mul(rho, v), tf.mul(1 - rho, tf.square(g)))); // v ← ρv + (1−ρ)g²
        w.assign(tf.sub(w, tf.div(tf.mul(learningRate, g), tf.add(tf.sqrt(v), epsilon)))); // w ← w − α g/(√v + ε)
      }
    },
  };
}
