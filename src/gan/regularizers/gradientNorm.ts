// ‖∇D‖₂, the norm of the critic's gradient with respect to its input, for each sample. Every penalty is a function of
// it.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Added under the root, so that the gradient of the norm is finite at zero. */
const EPSILON = 1e-12;

/** ‖∇D(x)‖₂² at x, [batch, ...shape]: summed over all axes but the batch's. [batch] */
export function squaredGradientNorm(critic: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const gradient = tf.grad((x) => tf.sum(critic(x)))(x); // ∇D(x), sample by sample
  const axes = Array.from({ length: x.rank - 1 }, (_, i) => i + 1);
  return tf.sum(tf.square(gradient), axes);
}

/** √(x + 10⁻¹²) */
export const safeSqrt = (squared: Tensor): Tensor => tf.sqrt(tf.add(squared, EPSILON));
