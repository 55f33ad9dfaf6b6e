// What an objective is: the losses of critic and generator as functions of the critic's raw outputs, and the plotted
// estimate.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** D(x) for real samples and D(x̃) for generated ones, each [batch, 1] and raw: no network ends in a sigmoid. */
export interface CriticScores {
  readonly real: Tensor;
  readonly fake: Tensor;
}

/** e^x for scores of any size; see `boundedExp`. */
export type Exp = (x: Tensor) => Tensor;

export interface Objective {
  /** L_D, the adversarial term alone. */
  criticLoss(scores: CriticScores, exp: Exp): Scalar;
  /** L_G, a function of D(x̃), [batch, 1]. */
  generatorLoss(fake: Tensor, exp: Exp): Scalar;
  /** The plotted number: the distance or bound that the objective approximates. Smaller is closer; never clamped. */
  estimate(criticLoss: Scalar, scores: CriticScores, exp: Exp): Scalar;
  /**
   * L_D with the label of real samples moved by the share α toward that of generated ones; absent for objectives
   * without labels.
   */
  smoothedLoss?(scores: CriticScores, alpha: number): Scalar;
}

/**
 * The exponential is exact in float32 up to here: e^30 is 1e13, and its square, which optimizers store, is far below
 * the largest float32, 3e38. A density ratio this large cannot be estimated from batches anyway.
 */
export const LARGEST_EXPONENT = 30;

/**
 * e^x, continued along its tangent above `LARGEST_EXPONENT`: finite, convex and with a nonzero derivative. A clamped
 * value would have none, and the critic would diverge. Every call appends its largest x, a scalar, to `exponents`.
 */
export const boundedExp =
  (exponents: Scalar[]): Exp =>
  (x) => {
    exponents.push(tf.max(x));
    const excess = tf.relu(tf.sub(x, LARGEST_EXPONENT));
    return tf.mul(tf.exp(tf.minimum(x, LARGEST_EXPONENT)), tf.add(1, excess)); // e^b (1 + (x − b)) for x > b
  };

/** E of scores: the mean over the batch. */
export const E = (x: Tensor): Scalar => tf.mean(x);
