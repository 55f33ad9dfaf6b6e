// What the two players of a GAN minimise, as functions of the samples: the objective's losses with the critic's penalties.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Penalty } from './constraints';
import type { GanParts } from './gan';
import type { Weights } from './networks/network';
import { boundedExp, type ObjectiveMaths } from './objectives';
import type { Scores } from './objectives/objective';
import type { Graded, Tensors } from './update';

type Parts = Pick<GanParts, 'critic' | 'objective' | 'labelSmoothing' | 'constraints'>;

export interface Losses {
  /** Of real and generated samples: L_D and penalties, which draw `epsilon` and `u`. To criticLoss, estimate (and penalty, gradientNorm). */
  criticLossOf(samples: Scores, weightsOf: () => Weights, drawn: Tensors): Graded;
  /** Of generated samples: L_G. To generatorLoss. */
  generatorLossOf(fake: Tensor, weightsOf: () => Weights): Graded;
}

export function lossesOf({ critic, objective, labelSmoothing, constraints }: Parts): Losses {
  const penalties = constraints.flatMap((c) => c.penalty ?? []);
  return {
    criticLossOf: ({ real, fake }, weightsOf, { epsilon, u }) => {
      const weights = weightsOf();
      const D = (x: Tensor): Tensor => critic.apply(x, true, weights);
      const scores = { real: D(real), fake: D(fake) };
      const exponents: Scalar[] = [];
      const exp = boundedExp(exponents);
      const criticLoss = objective.criticLoss(scores, exp); // L_D
      const trained = labelSmoothing === null ? criticLoss : smoothed(objective)(scores, labelSmoothing);
      const penalty = sum(penalties.map((p) => p({ critic: D, real, fake, drawn: { epsilon, u } })));
      const loss = penalty ? tf.add<Scalar>(trained, penalty.loss) : trained;
      const measured: Tensors = penalty ? { penalty: penalty.loss, gradientNorm: penalty.gradientNorm } : {};
      const estimate = objective.estimate(criticLoss, scores, exp);
      return { loss, results: { criticLoss, estimate, ...measured, ...largest(exponents) } };
    },
    generatorLossOf: (fake, weightsOf) => {
      const exponents: Scalar[] = [];
      const scores = critic.apply(fake, true, weightsOf()); // D(x̃)
      const generatorLoss = objective.generatorLoss(scores, boundedExp(exponents)); // L_G
      return { loss: generatorLoss, results: { generatorLoss, ...largest(exponents) } };
    },
  };
}

/** x + σn, where there is noise. */
export const noisy = (x: Tensor, n: Tensor | undefined, sigma: Tensor): Tensor => (n ? tf.add(x, tf.mul(sigma, n)) : x);

/** The largest number that e was raised to, where it was: past `LARGEST_EXPONENT` the exponential was bounded. */
const largest = (exponents: readonly Scalar[]): Tensors =>
  exponents.length === 0 ? {} : { largestExponent: exponents.reduce((a, b) => tf.maximum(a, b)) };

/** The penalties together; the slope that is reported is that of the first. */
function sum(penalties: readonly Penalty[]): Penalty | null {
  if (penalties.length === 0) return null;
  const [first] = penalties;
  return { loss: penalties.map((p) => p.loss).reduce((a, b) => tf.add(a, b)), gradientNorm: first.gradientNorm };
}

function smoothed({ smoothedLoss }: ObjectiveMaths): NonNullable<ObjectiveMaths['smoothedLoss']> {
  if (!smoothedLoss) throw new Error('assertion failed: labels are smoothed of an objective that has none');
  return smoothedLoss;
}
