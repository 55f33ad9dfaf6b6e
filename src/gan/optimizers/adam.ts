// Adam with bias correction (Kingma, Ba 2015, Algorithm 1), ε outside of the root.
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../catalog';
import { gradientOf, untrained, zerosLike, type Named, type UpdateRule } from './optimizer';

export function adam(parameters: Optimizer<'adam'>, variables: Named, role: string): UpdateRule {
  const { beta1, beta2, epsilon } = parameters;
  // Without momentum m is g itself and needs no slot.
  const momentum = beta1 > 0;
  const slots: Record<string, Variable> = {
    ...(momentum ? zerosLike(variables, role, 'm') : {}),
    ...zerosLike(variables, role, 'v'),
    beta1Power: untrained(tf.scalar(1), `${role}/beta1Power`), // β₁ᵗ
    beta2Power: untrained(tf.scalar(1), `${role}/beta2Power`), // β₂ᵗ
  };
  return {
    slots,
    update: (gradients, alpha) => {
      const { beta1Power, beta2Power } = slots;
      beta1Power.assign(tf.mul(beta1Power, beta1));
      beta2Power.assign(tf.mul(beta2Power, beta2));
      // α m̂/(√v̂ + ε) = [α √(1−β₂ᵗ)/(1−β₁ᵗ)] m/(√v + ε √(1−β₂ᵗ)): the corrections are scalars of the step.
      const root = tf.sqrt(tf.sub(1, beta2Power));
      const rate = tf.div(tf.mul(alpha, root), tf.sub(1, beta1Power));
      const floor = tf.mul(epsilon, root);
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOf(gradients, name, w);
        const [m, v] = [slots[`${name}/m`], slots[`${name}/v`]];
        if (momentum) m.assign(tf.add(tf.mul(beta1, m), tf.mul(1 - beta1, g))); // m ← β₁m + (1−β₁)g
        v.assign(tf.add(tf.mul(beta2, v), tf.mul(1 - beta2, tf.square(g)))); // v ← β₂v + (1−β₂)g²
        w.assign(tf.sub(w, tf.div(tf.mul(rate, momentum ? m : g), tf.add(tf.sqrt(v), floor))));
      }
    },
  };
}
