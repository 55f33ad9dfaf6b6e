// What an objective is: the losses of critic and generator on the critic's raw outputs, and what the curve estimates.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** D(x) on real samples and D(x̃) on generated ones, each [batch, 1] and raw: no sigmoid anywhere in a network. */
export interface Scores {
  readonly real: Tensor;
  readonly fake: Tensor;
}

/** e^x for scores, however large they are; see `boundedExp`. */
export type Exp = (x: Tensor) => Tensor;

export interface ObjectiveMaths {
  /** L_D, the adversarial term alone. */
  criticLoss(scores: Scores, exp: Exp): Scalar;
  /** L_G of D(x̃), [batch, 1]. */
  generatorLoss(fake: Tensor, exp: Exp): Scalar;
  /** The number plotted for the distance that the objective approximates, beside its L_D: smaller is closer, never clamped. */
  estimate(criticLoss: Scalar, scores: Scores, exp: Exp): Scalar;
  /** L_D with the label of real samples moved by the share α of the way to that of generated ones; absent where there are no labels. */
  smoothedLoss?(scores: Scores, alpha: number): Scalar;
}

/**
 * Where the exponential function leaves float32 alone: e^30 is 1e13, whose square, which optimizers keep, is far below the
 * largest float32, 3e38. As a ratio of densities it is past anything that batches can tell.
 */
export const LARGEST_EXPONENT = 30;

/**
 * e^x, above `LARGEST_EXPONENT` continued along its tangent: finite, convex and with a slope, where a clamped value would have
 * none and a critic would run away. `exponents` gets the largest x of every call, a scalar each.
 */
export const boundedExp =
  (exponents: Scalar[]): Exp =>
  (x) => {
    exponents.push(tf.max(x));
    const past = tf.relu(tf.sub(x, LARGEST_EXPONENT));
    return tf.mul(tf.exp(tf.minimum(x, LARGEST_EXPONENT)), tf.add(1, past)); // e^b (1 + (x − b)) for x > b
  };

/** E of scores: the mean over the batch. */
export const E = (x: Tensor): Scalar => tf.mean(x);
