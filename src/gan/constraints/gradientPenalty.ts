// Gradient penalty (Gulrajani et al. 2017, eq. 3 and Algorithm 1): λ E(‖∇D(x̂)‖₂ − k)², x̂ = εx + (1 − ε)x̃.
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from '../../catalog';
import type { ConstraintMaths } from './constraint';
import { root, squaredSlope } from './slope';

export const gradientPenalty = ({ lambda, target: k, sides }: Constraint<'gradient-penalty'>): ConstraintMaths => ({
  // One ε a sample, the same along all other axes: [batch, 1, ...].
  draws: ([batch, ...shape]) => ({ epsilon: [batch, ...shape.map(() => 1)] }),
  penalty: ({ critic, real: x, fake, drawn: { epsilon } }) => {
    const xHat = tf.add(tf.mul(epsilon, x), tf.mul(tf.sub(1, epsilon), fake)); // x̂ = εx + (1 − ε)x̃
    const norm = root(squaredSlope(critic, xHat)); // ‖∇D(x̂)‖₂ [batch]
    const excess = tf.sub(norm, k);
    const counted = sides === 'one' ? tf.relu(excess) : excess;
    return {
      loss: tf.mul(lambda, tf.mean(tf.square(counted))), // λ E(‖∇D(x̂)‖₂ − k)²
      gradientNorm: tf.mean(norm),
    };
  },
});
