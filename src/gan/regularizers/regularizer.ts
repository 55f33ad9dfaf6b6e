// What a regularizer of the critic is: a penalty added to its loss, or a projection of its weights after each update.
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Names of the random inputs, U[0, 1), of a critic step: ε of the gradient penalty, u and α of DRAGAN. */
export const randomInputNames = ['epsilon', 'u', 'alpha'] as const;

/** Shapes of the random inputs that a penalty needs for every critic update. */
export type RandomInputs = { readonly [N in (typeof randomInputNames)[number]]?: readonly number[] };

/** What a penalty is computed from. */
export interface PenaltyContext {
  /** D: [batch, ...shape] to [batch, 1]. */
  readonly critic: (x: Tensor) => Tensor;
  /** x, with instance noise. [batch, ...shape] */
  readonly real: Tensor;
  /** x̃, with instance noise. [batch, ...shape] */
  readonly fake: Tensor;
  /** The random inputs; only those that the penalty asks for are there. */
  readonly random: Readonly<Record<(typeof randomInputNames)[number], Tensor>>;
}

export interface Penalty {
  /** The term added to L_D. */
  readonly loss: Scalar;
  /** Mean of ‖∇D‖₂ over the points at which the penalty takes it. */
  readonly gradientNorm: Scalar;
  /** The largest ‖∇D‖₂ of the batch, if these points are between real and generated samples. */
  readonly largestGradientNorm?: Scalar;
}

export interface Regularizer {
  readonly penalty?: (context: PenaltyContext) => Penalty;
  /** The random inputs of the penalty, for samples of shape [batch, ...shape]. */
  readonly randomInputs?: (samples: readonly number[]) => RandomInputs;
  /** Applied to the trainable parameters of the critic after each of its updates. */
  readonly project?: (variables: readonly Variable[]) => void;
}
