// DRAGAN (Kodali, Abernethy, Hays, Kira 2017, eq. 1, with the noise of their code): λ E(‖∇D(x + δ)‖₂ − k)² around the
// data, δ = ½·std(x)·u with u ~ U[0, 1].
import * as tf from '@tensorflow/tfjs-core';
import type { ConstraintConfig } from '../../catalog';
import { safeSqrt, squaredGradientNorm } from './gradientNorm';
import type { Regularizer } from './regularizer';

export const dragan = ({ lambda, target: k }: ConstraintConfig<'dragan'>): Regularizer => ({
  randomInputs: (samples) => ({ u: samples }),
  penalty: ({ critic, real: x, random: { u } }) => {
    const std = tf.sqrt(tf.mean(tf.square(tf.sub(x, tf.mean(x))))); // over all numbers of the batch
    const delta = tf.mul(tf.mul(0.5, std), u); // δ = ½·std(x)·u
    const norm = safeSqrt(squaredGradientNorm(critic, tf.add(x, delta))); // ‖∇D(x + δ)‖₂ [batch]
    return {
      loss: tf.mul(lambda, tf.mean(tf.square(tf.sub(norm, k)))), // λ E(‖∇D(x + δ)‖₂ − k)²
      gradientNorm: tf.mean(norm),
    };
  },
});
