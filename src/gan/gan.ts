// A GAN as its training needs it: all variables by name, and the steps (Goodfellow et al. 2014, Algorithm 1, with the critic
// updates, penalties and projections of the Wasserstein papers) as functions of their inputs alone.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { ConstraintMaths, Draws } from './constraints';
import { lossesOf, noisy } from './losses';
import type { Network, Statistics, Weights } from './networks/network';
import { boundedExp, type ObjectiveMaths } from './objectives';
import type { Scores } from './objectives/objective';
import type { Named, OptimizerMaths } from './optimizers';
import { follow, gradientsOf, prefixed, unmoved, type Tensors } from './update';

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
  /** x [count, ...shape] to pull [count, ...shape], −∂L_G/∂x of each sample by itself: where the generator is to move it. */
  pullStep(count: number): GanStep;
  /**
   * What the two training steps take, but for learning rates, to the gradients that they would follow from here: of the
   * critic's whole loss and of the generator's, by the names of the variables. Nothing is moved.
   */
  readonly probeStep: GanStep;
}

export function createGan(parts: GanParts, { batch, latent, shape }: Sizes): Gan {
  const { generator, critic, average, objective, constraints, optimizer, noise, statistics = 'moving' } = parts;
  const { criticLossOf, generatorLossOf } = lossesOf(parts);
  const [normalization] = constraints.flatMap((c) => c.normalization ?? []);
  const samples = [batch, ...shape];
  const z = [batch, latent];
  const draws: Draws = Object.assign({}, ...constraints.map((c) => c.draws?.(samples) ?? {}));
  const noiseInputs: Inputs = noise ? { fakeNoise: samples, sigma: [] } : {};
  const rateInput = ({ scheduled }: OptimizerMaths): Inputs => (scheduled ? { learningRate: [] } : {});
  /** D with the weights that its constraint gives it, the same wherever a step uses it. Outside of any gradient. */
  const prepareCritic = (advance: boolean): (() => Weights) => normalization?.prepare(advance) ?? (() => ({}));

  const criticInputs: Inputs = { real: samples, z, ...draws, ...(noise ? { realNoise: samples, ...noiseInputs } : {}) };
  const noisyFake = ({ z, fakeNoise, sigma }: Tensors): Tensor => noisy(generator.apply(z, true), fakeNoise, sigma);
  /** x and x̃ = G(z), as the critic sees them. */
  const seen = (inputs: Tensors): Scores => ({
    real: noisy(inputs.real, inputs.realNoise, inputs.sigma),
    fake: noisyFake(inputs),
  });

  const criticStep: GanStep = {
    name: 'critic',
    inputs: { ...criticInputs, ...rateInput(optimizer.critic) },
    compute: (inputs) => {
      const { real, fake } = seen(inputs);
      const weightsOf = prepareCritic(true);
      const { gradients, results } = gradientsOf(critic.parameters, () =>
        criticLossOf({ real, fake }, weightsOf, inputs),
      );
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
      const { gradients, results } = gradientsOf(generator.parameters, () =>
        generatorLossOf(noisyFake(inputs), weightsOf),
      );
      optimizer.generator.update(gradients, inputs.learningRate);
      if (average) follow(average.network, generator, average.decay);
      return results;
    },
  };

  const probeStep: GanStep = {
    name: 'probe',
    inputs: criticInputs,
    compute: (inputs) =>
      unmoved({ ...prefixed('generator', generator.buffers), ...prefixed('critic', critic.buffers) }, () => {
        const { real, fake } = seen(inputs);
        const weightsOf = prepareCritic(false);
        const ofCritic = gradientsOf(critic.parameters, () =>
          criticLossOf({ real, fake }, weightsOf, inputs),
        ).gradients;
        const ofGenerator = gradientsOf(generator.parameters, () =>
          generatorLossOf(noisyFake(inputs), weightsOf),
        ).gradients;
        return { ...prefixed('critic', ofCritic), ...prefixed('generator', ofGenerator) };
      }),
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

  const pullStep = (count: number): GanStep => ({
    name: `pull ${count}`,
    inputs: { x: [count, ...shape] },
    compute: ({ x }) => {
      const weightsOf = prepareCritic(false);
      const loss = (x: Tensor): Scalar => objective.generatorLoss(critic.apply(x, false, weightsOf()), boundedExp([]));
      return { pull: tf.mul(-count, tf.grad(loss)(x)) }; // L_G is a mean: −n ∂L_G/∂xᵢ
    },
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
  return {
    variables,
    criticWeights,
    criticStep,
    generatorStep,
    validationStep,
    sampleStep,
    scoreStep,
    pullStep,
    probeStep,
  };
}
