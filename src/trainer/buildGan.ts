// Builds the GAN of an experiment: its networks with initial weights, and its uncompiled steps.
import type { Role, WeightDecayConfig } from '../catalog';
import type { Experiment } from '../experiment';
import { createConstraints } from '../gan/constraints';
import { createGan, type Gan } from '../gan/gan';
import type { Network } from '../gan/network';
import { createObjective } from '../gan/objectives';
import { createOptimizer } from '../gan/optimizers';
import { networkBuilder, type ModelContext } from './networkBuilder';

export interface BuiltGan {
  readonly networks: { readonly generator: Network; readonly critic: Network; readonly average: Network | null };
  readonly gan: Gan;
}

/** Throws an InputError if a user's model file is invalid. An engine must be open, because weights are its tensors. */
export async function buildGan(
  experiment: Experiment,
  shape: readonly number[],
  models: ModelContext,
): Promise<BuiltGan> {
  const { batchSize, latent, constraint, objective, optimizer, samples, seed, stabilization } = experiment;
  const build = networkBuilder(experiment, shape, models);
  const [generator, critic] = [await build('generator'), await build('critic')];
  const average = stabilization.ema === null ? null : await build('generator');
  const decayOf = (role: Role): WeightDecayConfig | null =>
    stabilization.weightDecay && [role, 'both'].includes(stabilization.weightDecay.appliesTo)
      ? stabilization.weightDecay
      : null;
  const parts = {
    generator,
    critic,
    average: average && { network: average, decay: stabilization.ema ?? 0 },
    objective: createObjective(objective),
    labelSmoothing: stabilization.labelSmoothing,
    ...createConstraints(constraint, critic, seed),
    optimizer: {
      generator: createOptimizer(optimizer.generator, generator.parameters, 'generator', decayOf('generator')),
      critic: createOptimizer(optimizer.critic, critic.parameters, 'critic', decayOf('critic')),
    },
    stepCosine: experiment.stepCosine,
    instanceNoise: stabilization.instanceNoise !== null,
    batchNormStatistics: samples.batchNormStatistics,
  };
  const gan = createGan(parts, { batch: batchSize, latent: latent.size, shape });
  return { networks: { generator, critic, average }, gan };
}
