// A GAN as training needs it (Goodfellow et al. 2014, Algorithm 1, with the critic updates, penalties and projections
// of the Wasserstein papers): all variables by name, and the steps as functions of their inputs and these variables.
import * as tf from '@tensorflow/tfjs-core';
import { criticScoresStep, samplesStep, validationStep } from './evalSteps';
import type { GanParts, Sizes } from './ganParts';
import { generatorGradientStep, gradientProbeStep } from './gradientProbes';
import { createLosses } from './losses';
import type { Weights } from './network';
import { parallelSteps, type ParallelSteps } from './parallelSteps';
import { prepareWeights } from './spectralNorm';
import type { GanStep } from './step';
import { criticStep, generatorStep } from './trainSteps';
import { createTrainingInputs } from './trainingInputs';
import { withPrefix, type NamedVariables } from './variables';

/** The inputs and outputs of every step are typed in the file that defines it. */
export interface Gan {
  /** Everything that a checkpoint holds and a step may change, by a name that is the same in every process. */
  readonly variables: NamedVariables;
  /** One update of the critic: CriticInputs to CriticResults. */
  readonly criticStep: GanStep;
  /** One update of the generator: GeneratorInputs to GeneratorResults. */
  readonly generatorStep: GanStep;
  /** The updates in halves, for `ranks` processes, each with an equal part of the batch. */
  parallelSteps(ranks: number): ParallelSteps;
  /** The estimate on held-out samples. */
  readonly validationStep: GanStep;
  /** Generated samples, from the moving average of the generator if there is one. */
  samplesStep(count: number): GanStep;
  /** Critic scores D(x). */
  criticScoresStep(count: number): GanStep;
  /** The generator gradient at samples. */
  generatorGradientStep(count: number): GanStep;
  /** The gradients that the next updates would follow: CriticInputs to gradients by variable name. */
  readonly gradientProbeStep: GanStep;
  /**
   * The weights that the critic uses now in place of its parameters, owned by the caller; empty without a
   * reparametrization.
   */
  criticWeights(): Weights;
}

export function createGan(parts: GanParts, sizes: Sizes): Gan {
  const { generator, critic, average, optimizer, reparametrization } = parts;
  const losses = createLosses(parts);
  const inputs = createTrainingInputs(parts, sizes);
  return {
    variables: {
      ...withPrefix('generator', { ...generator.parameters, ...generator.buffers }),
      ...withPrefix('critic', { ...critic.parameters, ...critic.buffers }),
      ...(average ? withPrefix('average', { ...average.network.parameters, ...average.network.buffers }) : {}),
      ...withPrefix('optimizer/generator', optimizer.generator.slots),
      ...withPrefix('optimizer/critic', optimizer.critic.slots),
      ...(reparametrization ? withPrefix('normalization/critic', reparametrization.slots) : {}),
    },
    criticStep: criticStep(parts, inputs, losses),
    generatorStep: generatorStep(parts, inputs, losses),
    parallelSteps: (ranks) =>
      parallelSteps(parts, createTrainingInputs(parts, { ...sizes, batch: sizes.batch / ranks }), losses),
    validationStep: validationStep(parts, sizes),
    samplesStep: (count) => samplesStep(parts, sizes, count),
    criticScoresStep: (count) => criticScoresStep(parts, sizes, count),
    generatorGradientStep: (count) => generatorGradientStep(parts, sizes, count),
    gradientProbeStep: gradientProbeStep(parts, inputs, losses),
    criticWeights: () => tf.tidy(() => ({ ...prepareWeights(reparametrization, false)() })),
  };
}
