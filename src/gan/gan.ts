// A GAN as its training needs it: all variables by name, and the steps (Goodfellow et al. 2014, Algorithm 1, with the critic
// updates, penalties and projections of the Wasserstein papers) as functions of their inputs alone.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { ConstraintMaths, Draws, Penalty } from './constraints';
import type { Network, Statistics, Weights } from './networks/network';
import { boundedExp, type ObjectiveMaths } from './objectives';
import type { Named, OptimizerMaths } from './optimizers';
import { follow, gradientsOf, prefixed, type Tensors } from './update';

export interface GanParts {
  readonly generator: Network;
  readonly critic: Network;
  /** A second generator whose weights are the moving average of the first one's: w̄ ← δw̄ + (1−δ)w. Null without one. */
  readonly average: { readonly network: Network; readonly decay: number } | null;
  readonly objective: ObjectiveMaths;
  /** Share by which the label of real samples is moved, for an objective with labels; null without. */
  readonly labelSmoothing: number | null;
  readonly constraints: readonly ConstraintMaths[];
  readonly optimizer: { readonly generator: OptimizerMaths; readonly critic: OptimizerMaths };
  /** Instance noise is added to what the critic sees: x + σn. */
  readonly noise: boolean;
  /** Where batch normalization takes mean and variance from when samples are drawn: 'moving' if absent. */
  readonly statistics?: Statistics;
}

/** Sizes of a batch: samples, numbers of z, shape of one sample. */
export interface Sizes {
  readonly batch: number;
  readonly latent: number;
  readonly shape: readonly number[];
}

type Inputs = Readonly<Record<string, readonly number[]>>;

/** A step for an engine to compile. */
export interface GanStep {
  readonly name: string;
  readonly inputs: Inputs;
  readonly compute: (inputs: Tensors) => Tensors;
}

export interface Gan {
  /** Everything that a checkpoint holds and a step may move, by a name that is the same in every process. */
  readonly variables: Named;
  /**
   * real, z (and what penalties draw; realNoise, fakeNoise, sigma; learningRate) to criticLoss, estimate (and penalty, gradientNorm;
   * largestExponent, where the objective takes exponentials).
   */
  readonly criticStep: GanStep;
  /** z (and fakeNoise, sigma; learningRate) to generatorLoss (and largestExponent). */
  readonly generatorStep: GanStep;
  /** real, z to the estimate on these samples, nothing moved. */
  readonly validationStep: GanStep;
  /** What the critic uses now in place of its own weights, as tensors of the caller's; empty without a normalization. */
  criticWeights(): Weights;
  /** z [count, latent] to samples [count, ...shape], from the averaged generator where there is one. */
  sampleStep(count: number): GanStep;
  /** x [count, ...shape] to scores [count, 1], D(x). */
  scoreStep(count: number): GanStep;
}

export function createGan(parts: GanParts, { batch, latent, shape }: Sizes): Gan {
  const {
    generator,
    critic,
    average,
    objective,
    labelSmoothing,
    constraints,
    optimizer,
    noise,
    statistics = 'moving',
  } = parts;
  const penalties = constraints.flatMap((c) => c.penalty ?? []);
  const [normalization] = constraints.flatMap((c) => c.normalization ?? []);
  const samples = [batch, ...shape];
  const z = [batch, latent];
  const draws: Draws = Object.assign({}, ...constraints.map((c) => c.draws?.(samples) ?? {}));
  const noiseInputs: Inputs = noise ? { fakeNoise: samples, sigma: [] } : {};
  const rateInput = ({ scheduled }: OptimizerMaths): Inputs => (scheduled ? { learningRate: [] } : {});
  const noisy = (x: Tensor, n: Tensor | undefined, sigma: Tensor): Tensor => (n ? tf.add(x, tf.mul(sigma, n)) : x); // x + σn
  /** D with the weights that its constraint gives it, the same wherever a step uses it. Outside of any gradient. */
  const prepareCritic = (advance: boolean): (() => Weights) => normalization?.prepare(advance) ?? (() => ({}));

  const criticStep: GanStep = {
    name: 'critic',
    inputs: {
      ...{ real: samples, z },
      ...draws,
      ...(noise ? { realNoise: samples, ...noiseInputs } : {}),
      ...rateInput(optimizer.critic),
    },
    compute: (inputs) => {
      const real = noisy(inputs.real, inputs.realNoise, inputs.sigma); // x
      const fake = noisy(generator.apply(inputs.z, true), inputs.fakeNoise, inputs.sigma); // x̃ = G(z)
      const weightsOf = prepareCritic(true);
      const { gradients, results } = gradientsOf(critic.parameters, () => {
        const weights = weightsOf();
        const D = (x: Tensor): Tensor => critic.apply(x, true, weights);
        const scores = { real: D(real), fake: D(fake) };
        const exponents: Scalar[] = [];
        const exp = boundedExp(exponents);
        const criticLoss = objective.criticLoss(scores, exp); // L_D
        const trained = labelSmoothing === null ? criticLoss : smoothed(objective)(scores, labelSmoothing);
        const drawn = { epsilon: inputs.epsilon, u: inputs.u };
        const penalty = sum(penalties.map((p) => p({ critic: D, real, fake, drawn })));
        const loss = penalty ? tf.add<Scalar>(trained, penalty.loss) : trained;
        const measured: Tensors = penalty ? { penalty: penalty.loss, gradientNorm: penalty.gradientNorm } : {};
        const estimate = objective.estimate(criticLoss, scores, exp);
        return { loss, results: { criticLoss, estimate, ...measured, ...largest(exponents) } };
      });
      optimizer.critic.update(gradients, inputs.learningRate);
      for (const { project } of constraints) project?.(Object.values(critic.parameters));
      return results;
    },
  };

  const generatorStep: GanStep = {
    name: 'generator',
    inputs: { z, ...noiseInputs, ...rateInput(optimizer.generator) },
    compute: (inputs) => {
      const weightsOf = prepareCritic(false);
      const { gradients, results } = gradientsOf(generator.parameters, () => {
        const fake = noisy(generator.apply(inputs.z, true), inputs.fakeNoise, inputs.sigma);
        const exponents: Scalar[] = [];
        const scores = critic.apply(fake, true, weightsOf()); // D(x̃)
        const generatorLoss = objective.generatorLoss(scores, boundedExp(exponents)); // L_G
        return { loss: generatorLoss, results: { generatorLoss, ...largest(exponents) } };
      });
      optimizer.generator.update(gradients, inputs.learningRate);
      if (average) follow(average.network, generator, average.decay);
      return results;
    },
  };

  const validationStep: GanStep = {
    name: 'validation',
    inputs: { real: samples, z },
    compute: ({ real, z }) => {
      const weights = prepareCritic(false)();
      const D = (x: Tensor): Tensor => critic.apply(x, false, weights);
      const scores = { real: D(real), fake: D(generator.apply(z, false)) };
      const exp = boundedExp([]);
      return { validationEstimate: objective.estimate(objective.criticLoss(scores, exp), scores, exp) };
    },
  };

  const sampleStep = (count: number): GanStep => ({
    name: `sample ${count}`,
    inputs: { z: [count, latent] },
    compute: ({ z }) => ({ samples: (average?.network ?? generator).sample(z, statistics) }),
  });

  const scoreStep = (count: number): GanStep => ({
    name: `score ${count}`,
    inputs: { x: [count, ...shape] },
    compute: ({ x }) => ({ scores: critic.apply(x, false, prepareCritic(false)()) }),
  });

  const variables = {
    ...prefixed('generator', { ...generator.parameters, ...generator.buffers }),
    ...prefixed('critic', { ...critic.parameters, ...critic.buffers }),
    ...(average ? prefixed('average', { ...average.network.parameters, ...average.network.buffers }) : {}),
    ...prefixed('optimizer/generator', optimizer.generator.slots),
    ...prefixed('optimizer/critic', optimizer.critic.slots),
    ...(normalization ? prefixed('normalization/critic', normalization.slots) : {}),
  };
  const criticWeights = (): Weights => tf.tidy(() => ({ ...prepareCritic(false)() }));
  return { variables, criticWeights, criticStep, generatorStep, validationStep, sampleStep, scoreStep };
}

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
