// What each step is fed: what it draws, drawn here or prepared by another thread, and what follows a schedule.
import type { Role } from '../../catalog';
import type { DataSource } from '../../data';
import type { Experiment } from '../../experiment';
import { randomInputNames } from '../../gan/regularizers/regularizer';
import type { GanStep } from '../../gan/step';
import { fillNormal, fillUniform, type Key } from '../../math/random';
import { fillLatent, type RandomInputs, type InputArrays } from './randomInputs';
import type { Consumer } from './ringBuffer';
import { instanceNoiseAt, learningRateAt } from '../schedules';
import { sizeOfShape } from '../../shared/shape';

export interface StepInputs {
  /** For critic update number `update` (counted from 0 over the run), in step `step`. */
  critic(update: number, step: number): InputArrays;
  generator(step: number): InputArrays;
  validation(step: number): InputArrays;
}

interface Inputs {
  readonly critic: GanStep['inputs'];
  readonly generator: GanStep['inputs'];
  readonly validation: GanStep['inputs'];
}

/** Takes what was drawn ahead, and draws what was not. Fills the same arrays at every call: they are read before the next one. */
export function createStepInputs(
  experiment: Experiment,
  data: DataSource,
  inputs: Inputs,
  draws: RandomInputs,
  ahead: Consumer | null,
): StepInputs {
  const { seed, latent } = experiment;
  const feeding = (role: Role): ((update: number, step: number) => InputArrays) => {
    const whole = new Float32Array(draws[role].length);
    const parts = draws[role].views(whole);
    const { sigma, learningRate }: Partial<InputArrays> = buffers(inputs[role], ['sigma', 'learningRate']);
    const fed = { ...parts, ...(sigma && { sigma }), ...(learningRate && { learningRate }) };
    return (update, step) => {
      if (!ahead?.take(role, update, whole)) draws[role].fill(parts, update);
      if (sigma) sigma[0] = instanceNoiseAt(experiment, step);
      if (learningRate) learningRate[0] = learningRateAt(experiment.optimizer[role], step, experiment.steps);
      return fed;
    };
  };
  const held = buffers(inputs.validation);
  const generator = feeding('generator');
  return {
    critic: feeding('critic'),
    generator: (step) => generator(step, step),
    validation: (step) => {
      data.validationBatch({ seed, stream: 'validation', step }, held.real);
      fillLatent(held.z, latent, { seed, stream: 'z/validation', step });
      return held;
    },
  };
}

/**
 * What a look at the gradients at `step` is fed: as much as an update of the critic, from streams that training never draws
 * from. Fills the same arrays at every call.
 */
export function createProbeInputs(
  experiment: Experiment,
  data: DataSource,
  inputs: GanStep['inputs'],
): (step: number) => InputArrays {
  const fed = buffers(inputs);
  return (step) => {
    const key = (stream: string): Key => ({ seed: experiment.seed, stream: `probe/${stream}`, step });
    data.batch(key('data'), fed.real);
    fillLatent(fed.z, experiment.latent, key('z'));
    for (const name of randomInputNames) if (fed[name]) fillUniform(fed[name], key(name));
    for (const name of ['realNoise', 'fakeNoise']) if (fed[name]) fillNormal(fed[name], key(name));
    if (fed.sigma) fed.sigma[0] = instanceNoiseAt(experiment, step);
    return fed;
  };
}

/** An array for each input, or for those of these names. */
function buffers(inputs: GanStep['inputs'], names: readonly string[] = Object.keys(inputs)): InputArrays {
  const there = names.filter((name) => name in inputs);
  return Object.fromEntries(there.map((name) => [name, new Float32Array(sizeOfShape(inputs[name]))]));
}
