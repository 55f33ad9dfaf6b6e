// The inputs of each step: batches and random numbers, prefetched or drawn here, and scheduled values.
import type { Role } from '../../catalog';
import type { DataSource } from '../../data';
import type { Experiment } from '../../experiment';
import { fillUpdateScalars, updateScalarNames } from '../../gan/optimizers';
import { randomInputNames } from '../../gan/regularizers/regularizer';
import type { GanStep } from '../../gan/step';
import { fillNormal, fillUniform, type Key } from '../../math/random';
import { fillLatent, type RandomInputs, type InputArrays } from './randomInputs';
import type { Consumer } from './ringBuffer';
import { instanceNoiseAt, learningRateAt } from '../schedules';
import { sizeOfShape } from '../../shared/shape';

export interface StepInputs {
  /** The inputs of critic update number `update` (counted from 0 over the run) in step `step`. */
  critic(update: number, step: number): InputArrays;
  generator(step: number): InputArrays;
  validation(step: number): InputArrays;
}

interface Inputs {
  readonly critic: GanStep['inputs'];
  readonly generator: GanStep['inputs'];
  readonly validation: GanStep['inputs'];
}

/**
 * Uses prefetched inputs if they are ready and draws them otherwise. Each call overwrites the arrays of the previous
 * one.
 */
export function createStepInputs(
  experiment: Experiment,
  data: DataSource,
  inputs: Inputs,
  randomInputs: RandomInputs,
  prefetched: Consumer | null,
): StepInputs {
  const { seed, latent } = experiment;
  // Critic updates are counted from 0 and generator updates from 1, optimizers count both from 1.
  const firstUpdate = { critic: 0, generator: 1 };
  const inputsOf = (role: Role): ((update: number, step: number) => InputArrays) => {
    const optimizer = experiment.optimizer[role];
    const buffer = new Float32Array(randomInputs[role].length);
    const views = randomInputs[role].views(buffer);
    const { sigma }: Partial<InputArrays> = buffers(inputs[role], ['sigma']);
    const all = { ...views, ...(sigma && { sigma }), ...buffers(inputs[role], updateScalarNames) };
    return (update, step) => {
      if (!prefetched?.take(role, update, buffer)) randomInputs[role].fill(views, update);
      if (sigma) sigma[0] = instanceNoiseAt(experiment, step);
      const alpha = learningRateAt(optimizer, step, experiment.steps);
      fillUpdateScalars(all, optimizer, update - firstUpdate[role] + 1, alpha);
      return all;
    };
  };
  const validation = buffers(inputs.validation);
  const generator = inputsOf('generator');
  return {
    critic: inputsOf('critic'),
    generator: (step) => generator(step, step),
    validation: (step) => {
      data.validationBatch({ seed, stream: 'validation', step }, validation.real);
      fillLatent(validation.z, latent, { seed, stream: 'z/validation', step });
      return validation;
    },
  };
}

/**
 * The inputs of the gradient probe at `step`: those of a critic update, from random streams that training never uses.
 * Each call overwrites the arrays of the previous one.
 */
export function createProbeInputs(
  experiment: Experiment,
  data: DataSource,
  inputs: GanStep['inputs'],
): (step: number) => InputArrays {
  const arrays = buffers(inputs);
  return (step) => {
    const key = (stream: string): Key => ({ seed: experiment.seed, stream: `probe/${stream}`, step });
    data.batch(key('data'), arrays.real);
    fillLatent(arrays.z, experiment.latent, key('z'));
    for (const name of randomInputNames) if (arrays[name]) fillUniform(arrays[name], key(name));
    for (const name of ['realNoise', 'fakeNoise']) if (arrays[name]) fillNormal(arrays[name], key(name));
    if (arrays.sigma) arrays.sigma[0] = instanceNoiseAt(experiment, step);
    return arrays;
  };
}

/** An array for each input, or for those with these names. */
function buffers(inputs: GanStep['inputs'], names: readonly string[] = Object.keys(inputs)): InputArrays {
  const present = names.filter((name) => name in inputs);
  return Object.fromEntries(present.map((name) => [name, new Float32Array(sizeOfShape(inputs[name]))]));
}
