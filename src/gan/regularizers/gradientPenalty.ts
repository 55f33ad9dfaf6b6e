// Gradient penalty (Gulrajani et al. 2017, eq. 3 and Algorithm 1): λ E(‖∇D(x̂)‖₂ − k)², x̂ = εx + (1 − ε)x̃.
import * as tf from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../../catalog';
import { safeSqrt, squaredGradientNorm } from './gradientNorm';
import type { Regularizer } from './regularizer';

export const gradientPenalty = ({ lambda, target: k, sides }: ConstraintConfig<'gradient-penalty'>): Regularizer => ({
  // One ε per sample, the same along all other axes: [batch, 1, ...].
  randomInputs: ([batch, ...shape]) => ({ epsilon: [batch, ...shape.map(() => 1)] }),
  penalty: ({ critic, real: x, fake, random: { epsilon } }) => {
    const xHat = tf.add(tf.mul(epsilon, x), tf.mul(tf.sub(1, epsilon), fake)); // x̂ = εx + (1 − ε)x̃
    const norm = safeSqrt(squaredGradientNorm(critic, xHat)); // ‖∇D(x̂)‖₂ [batch]
    const excess = tf.sub(norm, k);
    const penalized = sides === 'one' ? tf.relu(excess) : excess;
    return {
      loss: tf.mul(lambda, tf.mean(tf.square(penalized))), // λ E(‖∇D(x̂)‖₂ − k)²
      gradientNorm: tf.mean(norm),
      largestGradientNorm: tf.max<tf.Scalar>(norm),
    };
  },
});
