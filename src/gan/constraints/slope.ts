// The slope of the critic at given points, ‖∇D‖₂ sample by sample, which every penalty is a function of.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Inside the root, so that the norm's own gradient is finite at zero. */
const TINY = 1e-12;

/** ‖∇D(x)‖₂² at x, [batch, ...shape]: over all axes but the batch's. [batch] */
export function squaredSlope(critic: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const gradient = tf.grad((x) => tf.sum(critic(x)))(x); // ∇D(x), sample by sample
  const axes = Array.from({ length: x.rank - 1 }, (_, i) => i + 1);
  return tf.sum(tf.square(gradient), axes);
}

/** The root of a squared slope. */
export const root = (squared: Tensor): Tensor => tf.sqrt(tf.add(squared, TINY));
