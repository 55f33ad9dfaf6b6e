// What a constraint is: a penalty added to the critic's loss, or a projection of its weights after each update.
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** What a penalty may look at. */
export interface PenaltyContext {
  /** D: [batch, ...shape] to [batch, 1]. */
  readonly critic: (x: Tensor) => Tensor;
  /** x, as the critic sees it. [batch, ...shape] */
  readonly real: Tensor;
  /** x̃, as the critic sees it. [batch, ...shape] */
  readonly fake: Tensor;
  /** ε ~ U[0, 1], one a sample, the same along all other axes. [batch, 1, ...] */
  readonly epsilon: Tensor;
}

export interface Penalty {
  /** What is added to L_D. */
  readonly loss: Scalar;
  /** Mean of ‖∇D‖₂ over the points that the penalty looks at. */
  readonly gradientNorm: Scalar;
}

export interface ConstraintMaths {
  readonly penalty?: (context: PenaltyContext) => Penalty;
  /** Applied to the trainable parameters of the critic after each of its updates. */
  readonly project?: (variables: readonly Variable[]) => void;
}
