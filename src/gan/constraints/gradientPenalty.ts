// Gradient penalty (Gulrajani et al. 2017, eq. 3 and Algorithm 1): λ E(‖∇D(x̂)‖₂ − k)², x̂ = εx + (1 − ε)x̃.
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from '../../catalog';
import type { ConstraintMaths } from './constraint';

/** Inside the root, so that the norm's own gradient is finite at zero. */
const TINY = 1e-12;

export const gradientPenalty = ({ lambda, target: k, sides }: Constraint<'gradient-penalty'>): ConstraintMaths => ({
  penalty: ({ critic, real: x, fake, epsilon }) => {
    const xHat = tf.add(tf.mul(epsilon, x), tf.mul(tf.sub(1, epsilon), fake)); // x̂ = εx + (1 − ε)x̃
    const gradient = tf.grad((x) => tf.sum(critic(x)))(xHat); // ∇D(x̂), sample by sample
    const axes = Array.from({ length: xHat.rank - 1 }, (_, i) => i + 1); // all but the batch
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(gradient), axes), TINY)); // ‖∇D(x̂)‖₂ [batch]
    const excess = tf.sub(norm, k);
    const counted = sides === 'one' ? tf.relu(excess) : excess;
    return {
      loss: tf.mul(lambda, tf.mean(tf.square(counted))), // λ E(‖∇D(x̂)‖₂ − k)²
      gradientNorm: tf.mean(norm),
    };
  },
});
