// A GAN as its training needs it: all variables by name, and the steps (Goodfellow et al. 2014, Algorithm 1, with the critic
// updates, penalties and projections of the Wasserstein papers) as functions of their inputs alone.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { ConstraintMaths, Penalty } from './constraints';
import type { Network } from './networks';
import { boundedExp, type ObjectiveMaths } from './objectives';
import type { Named, OptimizerMaths } from './optimizers';

export interface GanParts {
  readonly generator: Network;
  readonly critic: Network;
  /** A second generator whose weights are the moving average of the first one's: w̄ ← δw̄ + (1−δ)w. Null without one. */
  readonly average: { readonly network: Network; readonly decay: number } | null;
  readonly objective: ObjectiveMaths;
  readonly constraints: readonly ConstraintMaths[];
  readonly optimizer: { readonly generator: OptimizerMaths; readonly critic: OptimizerMaths };
  /** Instance noise is added to what the critic sees: x + σn. */
  readonly noise: boolean;
}

/** Sizes of a batch: samples, numbers of z, shape of one sample. */
export interface Sizes {
  readonly batch: number;
  readonly latent: number;
  readonly shape: readonly number[];
}

type Inputs = Readonly<Record<string, readonly number[]>>;
type Tensors = Record<string, Tensor>;

/** A step for an engine to compile. */
export interface GanStep {
  readonly name: string;
  readonly inputs: Inputs;
  readonly compute: (inputs: Tensors) => Tensors;
}

export interface Gan {
  /** Everything that a checkpoint holds and a step may move, by a name that is the same in every process. */
  readonly variables: Named;
  /** real, z (and epsilon, realNoise, fakeNoise, sigma) to criticLoss, estimate (and penalty, gradientNorm). */
  readonly criticStep: GanStep;
  /** z (and fakeNoise, sigma) to generatorLoss. */
  readonly generatorStep: GanStep;
  /** real, z to the estimate on these samples, nothing moved. */
  readonly validationStep: GanStep;
  /** z [count, latent] to samples [count, ...shape], from the averaged generator where there is one. */
  sampleStep(count: number): GanStep;
  /** x [count, ...shape] to scores [count, 1], D(x). */
  scoreStep(count: number): GanStep;
}

export function createGan(parts: GanParts, { batch, latent, shape }: Sizes): Gan {
  const { generator, critic, average, objective, constraints, optimizer, noise } = parts;
  const penalties = constraints.flatMap((c) => c.penalty ?? []);
  const samples = [batch, ...shape];
  const z = [batch, latent];
  const noiseInputs: Inputs = noise ? { fakeNoise: samples, sigma: [] } : {};
  const noisy = (x: Tensor, n: Tensor | undefined, sigma: Tensor): Tensor => (n ? tf.add(x, tf.mul(sigma, n)) : x); // x + σn

  const criticStep: GanStep = {
    name: 'critic',
    inputs: {
      ...{ real: samples, z },
      ...(penalties.length > 0 ? { epsilon: [batch, ...shape.map(() => 1)] } : {}),
      ...(noise ? { realNoise: samples, ...noiseInputs } : {}),
    },
    compute: (inputs) => {
      const real = noisy(inputs.real, inputs.realNoise, inputs.sigma); // x
      const fake = noisy(generator.apply(inputs.z, true), inputs.fakeNoise, inputs.sigma); // x̃ = G(z)
      const D = (x: Tensor): Tensor => critic.apply(x, true);
      const { gradients, results } = gradientsOf(critic.parameters, () => {
        const scores = { real: D(real), fake: D(fake) };
        const exponents: Scalar[] = [];
        const exp = boundedExp(exponents);
        const criticLoss = objective.criticLoss(scores, exp); // L_D
        const penalty = sum(penalties.map((p) => p({ critic: D, real, fake, epsilon: inputs.epsilon })));
        const loss = penalty ? tf.add<Scalar>(criticLoss, penalty.loss) : criticLoss;
        const measured: Tensors = penalty ? { penalty: penalty.loss, gradientNorm: penalty.gradientNorm } : {};
        const estimate = objective.estimate(criticLoss, scores, exp);
        return { loss, results: { criticLoss, estimate, ...measured, ...largest(exponents) } };
      });
      optimizer.critic.update(gradients);
      for (const { project } of constraints) project?.(Object.values(critic.parameters));
      return results;
    },
  };

  const generatorStep: GanStep = {
    name: 'generator',
    inputs: { z, ...noiseInputs },
    compute: (inputs) => {
      const { gradients, results } = gradientsOf(generator.parameters, () => {
        const fake = noisy(generator.apply(inputs.z, true), inputs.fakeNoise, inputs.sigma);
        const exponents: Scalar[] = [];
        const generatorLoss = objective.generatorLoss(critic.apply(fake, true), boundedExp(exponents)); // L_G
        return { loss: generatorLoss, results: { generatorLoss, ...largest(exponents) } };
      });
      optimizer.generator.update(gradients);
      if (average) follow(average.network, generator, average.decay);
      return results;
    },
  };

  const validationStep: GanStep = {
    name: 'validation',
    inputs: { real: samples, z },
    compute: ({ real, z }) => {
      const scores = { real: critic.apply(real, false), fake: critic.apply(generator.apply(z, false), false) };
      const exp = boundedExp([]);
      return { validationEstimate: objective.estimate(objective.criticLoss(scores, exp), scores, exp) };
    },
  };

  const sampleStep = (count: number): GanStep => ({
    name: `sample ${count}`,
    inputs: { z: [count, latent] },
    compute: ({ z }) => ({ samples: (average?.network ?? generator).apply(z, false) }),
  });

  const scoreStep = (count: number): GanStep => ({
    name: `score ${count}`,
    inputs: { x: [count, ...shape] },
    compute: ({ x }) => ({ scores: critic.apply(x, false) }),
  });

  const variables = {
    ...prefixed('generator', { ...generator.parameters, ...generator.buffers }),
    ...prefixed('critic', { ...critic.parameters, ...critic.buffers }),
    ...(average ? prefixed('average', { ...average.network.parameters, ...average.network.buffers }) : {}),
    ...prefixed('optimizer/generator', optimizer.generator.slots),
    ...prefixed('optimizer/critic', optimizer.critic.slots),
  };
  return { variables, criticStep, generatorStep, validationStep, sampleStep, scoreStep };
}

interface Graded {
  readonly loss: Scalar;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** ∂loss/∂w by the names of `variables`, and what was computed on the way. */
function gradientsOf(variables: Named, f: () => Graded): { gradients: Record<string, Tensor>; results: Tensors } {
  let results: Tensors = {};
  const { value, grads } = tf.variableGrads(() => {
    const graded = f();
    results = Object.fromEntries(Object.entries(graded.results).map(([name, t]) => [name, tf.keep(tf.clone(t))]));
    return graded.loss;
  }, Object.values(variables));
  value.dispose();
  const gradients = Object.entries(variables).flatMap(([name, w]) => (grads[w.name] ? [[name, grads[w.name]]] : []));
  return { gradients: Object.fromEntries(gradients) as Record<string, Tensor>, results };
}

/** The largest number that e was raised to, where it was: past `LARGEST_EXPONENT` the exponential was bounded. */
const largest = (exponents: readonly Scalar[]): Tensors =>
  exponents.length === 0 ? {} : { largestExponent: exponents.reduce((a, b) => tf.maximum(a, b)) };

function sum(penalties: readonly Penalty[]): Penalty | null {
  if (penalties.length === 0) return null;
  const [first] = penalties;
  return { loss: penalties.map((p) => p.loss).reduce((a, b) => tf.add(a, b)), gradientNorm: first.gradientNorm };
}

/** w̄ ← δw̄ + (1−δ)w for the parameters; moving averages of normalizations are taken over as they are. */
function follow(average: Network, { parameters, buffers }: Network, decay: number): void {
  for (const [name, w] of Object.entries(parameters)) {
    const mean: Variable = average.parameters[name];
    mean.assign(tf.add(tf.mul(decay, mean), tf.mul(1 - decay, w)));
  }
  for (const [name, b] of Object.entries(buffers)) average.buffers[name].assign(tf.clone(b));
}

const prefixed = (prefix: string, variables: Named): Named =>
  Object.fromEntries(Object.entries(variables).map(([name, v]) => [`${prefix}/${name}`, v]));
