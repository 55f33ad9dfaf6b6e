// What each step is fed: batches and random numbers, addressed by seed, stream and number of the update, so that a resumed
// run draws what the first one would have drawn.
import type { Role } from '../catalog';
import type { Experiment } from '../experiment';
import { drawNames } from '../gan/constraints';
import { fillNormal, fillUniform, type Key } from '../math/random';
import type { DataSource } from '../data';
import type { GanStep } from '../gan/gan';
import { noiseAt, rateAt } from './schedules';

type Feeds = Record<string, Float32Array>;

export interface Feeder {
  /** For critic update number `update` (counted from 0 over the run), in step `step`. */
  critic(update: number, step: number): Feeds;
  generator(step: number): Feeds;
  validation(step: number): Feeds;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const buffers = (inputs: GanStep['inputs']): Feeds =>
  Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]));

interface Inputs {
  readonly critic: GanStep['inputs'];
  readonly generator: GanStep['inputs'];
  readonly validation: GanStep['inputs'];
}

/** Fills the same arrays at every call: they are read before the next one. */
export function createFeeder(experiment: Experiment, data: DataSource, inputs: Inputs): Feeder {
  const { seed } = experiment;
  const key = (stream: string, step: number): Key => ({ seed, stream, step });
  const feeds = {
    critic: buffers(inputs.critic),
    generator: buffers(inputs.generator),
    validation: buffers(inputs.validation),
  };
  const noisy = (fed: Feeds, of: string, update: number, step: number): void => {
    for (const name of ['realNoise', 'fakeNoise']) if (fed[name]) fillNormal(fed[name], key(`${name}/${of}`, update));
    if (fed.sigma) fed.sigma[0] = noiseAt(experiment, step);
  };
  const rated = (fed: Feeds, role: Role, step: number): void => {
    if (fed.learningRate) fed.learningRate[0] = rateAt(experiment.optimizer[role], step, experiment.steps);
  };
  return {
    critic: (update, step) => {
      const fed = feeds.critic;
      data.batch(key('data', update), fed.real);
      fillLatent(fed.z, experiment, key('z/critic', update));
      for (const name of drawNames) if (fed[name]) fillUniform(fed[name], key(name, update));
      noisy(fed, 'critic', update, step);
      rated(fed, 'critic', step);
      return fed;
    },
    generator: (step) => {
      const fed = feeds.generator;
      fillLatent(fed.z, experiment, key('z/generator', step));
      noisy(fed, 'generator', step, step);
      rated(fed, 'generator', step);
      return fed;
    },
    validation: (step) => {
      const fed = feeds.validation;
      data.validationBatch(key('validation', step), fed.real);
      fillLatent(fed.z, experiment, key('z/validation', step));
      return fed;
    },
  };
}

/**
 * What a look at the gradients at `step` is fed: as much as an update of the critic, from streams that training never draws
 * from. Fills the same arrays at every call.
 */
export function probeFeed(
  experiment: Experiment,
  data: DataSource,
  inputs: GanStep['inputs'],
): (step: number) => Feeds {
  const fed = buffers(inputs);
  return (step) => {
    const key = (stream: string): Key => ({ seed: experiment.seed, stream: `probe/${stream}`, step });
    data.batch(key('data'), fed.real);
    fillLatent(fed.z, experiment, key('z'));
    for (const name of drawNames) if (fed[name]) fillUniform(fed[name], key(name));
    for (const name of ['realNoise', 'fakeNoise']) if (fed[name]) fillNormal(fed[name], key(name));
    if (fed.sigma) fed.sigma[0] = noiseAt(experiment, step);
    return fed;
  };
}

/** z ~ N(0, 1), U[-1, 1] or U[0, 1] */
export function fillLatent(out: Float32Array, { latent }: Experiment, key: Key): void {
  if (latent.distribution === 'normal') return fillNormal(out, key);
  fillUniform(out, key);
  if (latent.distribution === 'uniform') for (let i = 0; i < out.length; i++) out[i] = 2 * out[i] - 1;
}
