// What an objective is: the losses of critic and generator on the critic's raw outputs, and what the curve estimates.
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** D(x) on real samples and D(x̃) on generated ones, each [batch, 1] and raw: no sigmoid anywhere in a network. */
export interface Scores {
  readonly real: Tensor;
  readonly fake: Tensor;
}

export interface ObjectiveMaths {
  /** L_D, the adversarial term alone. */
  criticLoss(scores: Scores): Scalar;
  /** L_G of D(x̃). */
  generatorLoss(fake: Tensor): Scalar;
  /** The number plotted for the distance that the objective approximates, from L_D: smaller is closer, never clamped. */
  estimate(criticLoss: Scalar): Scalar;
}
