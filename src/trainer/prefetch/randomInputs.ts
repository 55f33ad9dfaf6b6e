// The random inputs of the training steps: batches and random numbers, keyed by seed, stream and update, so that a
// resumed run and another thread draw the same values.
import type { Role } from '../../catalog';
import type { Batches } from '../../data';
import type { Experiment } from '../../experiment';
import { randomInputNames } from '../../gan/regularizers/regularizer';
import type { GanStep } from '../../gan/step';
import { fillNormal, fillUniform, type Key } from '../../math/random';
import { sizeOfShape } from '../../shared/shape';

export type InputArrays = Record<string, Float32Array>;

/** What random inputs depend on in addition to the data; can be sent to another thread. */
export interface InputPlan {
  readonly seed: number;
  readonly latent: Experiment['latent'];
  /** The inputs of the training steps and their shapes. */
  readonly inputs: { readonly [R in Role]: GanStep['inputs'] };
}

/** The random inputs of the critic step or the generator step. */
export interface StepRandomInputs {
  /** The length of one array that holds all random inputs of an update. */
  readonly length: number;
  /** The inputs by name, as views of such an array. */
  views(buffer: Float32Array): InputArrays;
  /**
   * Draws the inputs of an update: a critic update by its number over the run, counted from 0, a generator update by
   * its step. Returns early if `isObsolete` becomes true between two inputs.
   */
  fill(views: InputArrays, update: number, isObsolete?: () => boolean): void;
}

export type RandomInputs = { readonly [R in Role]: StepRandomInputs };

type Sampler = (out: Float32Array, key: Key) => void;

export function createRandomInputs({ seed, latent, inputs }: InputPlan, batches: Pick<Batches, 'batch'>): RandomInputs {
  const real: Sampler = (out, key) => batches.batch(key, out);
  const z: Sampler = (out, key) => fillLatent(out, latent, key);
  const uniform = Object.fromEntries(randomInputNames.map((name) => [name, [fillUniform, name] as const]));
  const step = (role: Role, samplers: Readonly<Record<string, readonly [Sampler, string]>>): StepRandomInputs => {
    const random = Object.entries(inputs[role]).filter(([name]) => name in samplers);
    const keyed = random.map(([name]) => ({
      name,
      sample: samplers[name][0],
      key: { seed, stream: samplers[name][1], step: 0 },
    }));
    return {
      ...layout(random),
      fill: (views, update, isObsolete) => {
        for (const { name, sample, key } of keyed) {
          if (isObsolete?.()) return;
          key.step = update;
          sample(views[name], key);
        }
      },
    };
  };
  return {
    critic: step('critic', {
      real: [real, 'data'],
      z: [z, 'z/critic'],
      ...uniform,
      realNoise: [fillNormal, 'realNoise/critic'],
      fakeNoise: [fillNormal, 'fakeNoise/critic'],
    }),
    generator: step('generator', { z: [z, 'z/generator'], fakeNoise: [fillNormal, 'fakeNoise/generator'] }),
  };
}

/** Draws z from N(0, 1), U[-1, 1] or U[0, 1]. */
export function fillLatent(out: Float32Array, { distribution }: Experiment['latent'], key: Key): void {
  if (distribution === 'normal') return fillNormal(out, key);
  fillUniform(out, key);
  if (distribution === 'uniform') for (let i = 0; i < out.length; i++) out[i] = 2 * out[i] - 1;
}

/** Floats per cache line of the processor; each input starts on a new line. */
const CACHE_LINE = 16;

function layout(
  inputs: readonly (readonly [name: string, shape: readonly number[]])[],
): Omit<StepRandomInputs, 'fill'> {
  let length = 0;
  const ranges = inputs.map(([name, shape]) => {
    const start = length;
    const size = sizeOfShape(shape);
    length += Math.ceil(size / CACHE_LINE) * CACHE_LINE;
    return { name, start, size };
  });
  return {
    length,
    views: (buffer) =>
      Object.fromEntries(ranges.map(({ name, start, size }) => [name, buffer.subarray(start, start + size)])),
  };
}
