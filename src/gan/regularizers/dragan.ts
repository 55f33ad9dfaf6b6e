// DRAGAN (Kodali, Abernethy, Hays, Kira 2017, eq. 1): λ E(‖∇D(x + αδ)‖₂ − k)² around the data. As in the authors' code,
// the points are between x and x_p = x + δ: δ = ½·std(x)·u, with u ~ U[0, 1] per number and α ~ U[0, 1] per sample.
import * as tf from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../../catalog';
import { safeSqrt, squaredGradientNorm } from './gradientNorm';
import type { Regularizer } from './regularizer';

export const dragan = ({ lambda, target: k }: ConstraintConfig<'dragan'>): Regularizer => ({
  randomInputs: (samples) => ({ u: samples, alpha: samples.map((length, axis) => (axis === 0 ? length : 1)) }),
  penalty: ({ critic, real: x, random: { u, alpha } }) => {
    const std = tf.sqrt(tf.mean(tf.square(tf.sub(x, tf.mean(x))))); // over all numbers of the batch
    const delta = tf.mul(tf.mul(0.5, std), u); // δ = ½·std(x)·u
    const norm = safeSqrt(squaredGradientNorm(critic, tf.add(x, tf.mul(alpha, delta)))); // ‖∇D(x + αδ)‖₂ [batch]
    return {
      loss: tf.mul(lambda, tf.mean(tf.square(tf.sub(norm, k)))), // λ E(‖∇D(x + αδ)‖₂ − k)²
      gradientNorm: tf.mean(norm),
    };
  },
});
