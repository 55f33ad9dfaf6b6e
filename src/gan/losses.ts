// The losses that the two networks minimize, as functions of the samples: those of the objective, and the critic's
// penalties.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { GanParts } from './ganParts';
import type { Weights } from './network';
import { boundedExp, type Objective } from './objective';
import type { Penalty, PenaltyContext } from './regularizers/regularizer';
import type { LossResult } from './step';

/** Real and generated samples as the critic sees them, [batch, ...shape]. */
export interface Samples {
  readonly real: Tensor;
  readonly fake: Tensor;
}

/** The largest x of all e^x in a loss; absent without exponentials. Above `LARGEST_EXPONENT` they were linearized. */
interface Exponents {
  readonly largestExponent?: Scalar;
}

/** All scalars. */
export interface CriticResults extends Exponents {
  /** L_D, without penalties and label smoothing. */
  readonly criticLoss: Scalar;
  readonly estimate: Scalar;
  /** Sum of the penalties; absent without one. */
  readonly penalty?: Scalar;
  /** Mean ‖∇D‖₂ at the points of the first penalty; absent without one. */
  readonly gradientNorm?: Scalar;
  /** The largest of them in the batch; absent unless the first penalty is the gradient penalty. */
  readonly largestGradientNorm?: Scalar;
  /** The cosine of the critic's step and the gradient of its loss; absent unless it is asked for. */
  readonly stepCosine?: Scalar;
}

/** All scalars. */
export interface GeneratorResults extends Exponents {
  /** L_G. */
  readonly generatorLoss: Scalar;
}

/** `weights` gives the weights that the critic uses in place of its parameters; it is called inside the gradient. */
export interface Losses {
  /** L_D with penalties and the regularizers of the critic's layers. */
  critic(
    samples: Samples,
    weights: () => Weights,
    random: Partial<PenaltyContext['random']>,
  ): LossResult<CriticResults>;
  /** L_G, from generated samples, with the regularizers of the generator's layers. */
  generator(fake: Tensor, weights: () => Weights): LossResult<GeneratorResults>;
}

export function createLosses({
  generator,
  critic,
  objective,
  labelSmoothing,
  regularizers,
}: Pick<GanParts, 'generator' | 'critic' | 'objective' | 'labelSmoothing' | 'regularizers'>): Losses {
  const penalties = regularizers.flatMap((r) => r.penalty ?? []);
  return {
    critic: ({ real, fake }, weights, random) => {
      const used = weights();
      const D = (x: Tensor): Tensor => critic.apply(x, true, used);
      const scores = { real: D(real), fake: D(fake) };
      const exponents: Scalar[] = [];
      const exp = boundedExp(exponents);
      const criticLoss = objective.criticLoss(scores, exp); // L_D
      const adversarial = labelSmoothing === null ? criticLoss : smoothed(objective)(scores, labelSmoothing);
      const penalty = sum(
        penalties.map((p) => p({ critic: D, real, fake, random: random as PenaltyContext['random'] })),
      );
      const loss = total(adversarial, penalty?.loss, critic.regularization());
      const { loss: penaltyLoss, ...norms } = penalty ?? {};
      const ofPenalty = penaltyLoss ? { penalty: penaltyLoss, ...norms } : {};
      const estimate = objective.estimate(criticLoss, scores, exp);
      return { loss, results: { criticLoss, estimate, ...ofPenalty, ...largest(exponents) } };
    },
    generator: (fake, weights) => {
      const exponents: Scalar[] = [];
      const scores = critic.apply(fake, true, weights()); // D(x̃)
      const generatorLoss = objective.generatorLoss(scores, boundedExp(exponents)); // L_G
      const loss = total(generatorLoss, generator.regularization());
      return { loss, results: { generatorLoss, ...largest(exponents) } };
    },
  };
}

const total = (loss: Scalar, ...more: readonly (Scalar | null | undefined)[]): Scalar =>
  more.reduce<Scalar>((sum, term) => (term ? tf.add(sum, term) : sum), loss);

const largest = (exponents: readonly Scalar[]): Exponents =>
  exponents.length === 0 ? {} : { largestExponent: exponents.reduce((a, b) => tf.maximum(a, b)) };

/** The penalties together; the reported gradient norms are those of the first. */
function sum(penalties: readonly Penalty[]): Penalty | null {
  if (penalties.length === 0) return null;
  const [first] = penalties;
  return { ...first, loss: penalties.map((p) => p.loss).reduce((a, b) => tf.add(a, b)) };
}

function smoothed({ smoothedLoss }: Objective): NonNullable<Objective['smoothedLoss']> {
  if (!smoothedLoss) throw new Error('assertion failed: label smoothing with an objective that has no labels');
  return smoothedLoss;
}
