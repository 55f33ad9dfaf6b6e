// What a constraint is: a penalty added to the critic's loss, a projection of its weights after each update, or weights that
// the critic uses in place of its own.
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Network, Weights } from '../networks/network';
import type { Named } from '../optimizers';

/** What a penalty may look at. */
export interface PenaltyContext {
  /** D: [batch, ...shape] to [batch, 1]. */
  readonly critic: (x: Tensor) => Tensor;
  /** x, as the critic sees it. [batch, ...shape] */
  readonly real: Tensor;
  /** x̃, as the critic sees it. [batch, ...shape] */
  readonly fake: Tensor;
  /** What was drawn, where a penalty asked for it. */
  readonly drawn: Readonly<Record<keyof Draws, Tensor>>;
}

export interface Penalty {
  /** What is added to L_D. */
  readonly loss: Scalar;
  /** Mean of ‖∇D‖₂ over the points that the penalty looks at. */
  readonly gradientNorm: Scalar;
}

/** What penalties draw from U[0, 1) for every critic update: ε of the gradient penalty, u of DRAGAN. */
export const drawNames = ['epsilon', 'u'] as const;

/** Shapes of what is drawn. */
export type Draws = { readonly [N in (typeof drawNames)[number]]?: readonly number[] };

export interface Normalization {
  /** What it remembers from one critic update to the next: part of the training state. */
  readonly slots: Named;
  /**
   * Prepares the weights that the critic uses for the time of a step, and moves the slots where `advance` says so. Called
   * outside of any gradient: what it computes counts as constant there. What it returns is called inside, so that gradients
   * flow through the weights.
   */
  prepare(advance: boolean): () => Weights;
}

export interface ConstraintMaths {
  readonly penalty?: (context: PenaltyContext) => Penalty;
  /** What the penalty draws, for samples of shape [batch, ...shape]. */
  readonly draws?: (samples: readonly number[]) => Draws;
  /** Applied to the trainable parameters of the critic after each of its updates. */
  readonly project?: (variables: readonly Variable[]) => void;
  readonly normalization?: Normalization;
}

/** What a constraint is made for. */
export interface Constrained {
  readonly critic: Network;
  readonly seed: number;
}
