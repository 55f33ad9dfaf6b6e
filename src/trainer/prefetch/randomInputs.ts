// What the updates draw: batches and random numbers, addressed by seed, stream and number of the update, so that a resumed run
// and another thread draw what the first one would have drawn.
import type { Role } from '../../catalog';
import type { Batches } from '../../data';
import type { Experiment } from '../../experiment';
import { randomInputNames } from '../../gan/regularizers/regularizer';
import type { GanStep } from '../../gan/step';
import { fillNormal, fillUniform, type Key } from '../../math/random';
import { sizeOfShape } from '../../shared/shape';

export type InputArrays = Record<string, Float32Array>;

/** What draws depend on beside the data; threads hand it to each other. */
export interface InputPlan {
  readonly seed: number;
  readonly latent: Experiment['latent'];
  /** Inputs of the training steps, with their shapes. */
  readonly inputs: { readonly [R in Role]: GanStep['inputs'] };
}

/** What one of the two training steps draws. */
export interface StepRandomInputs {
  /** Numbers that all inputs of an update take together, in one array. */
  readonly length: number;
  /** The inputs by name, as parts of such an array. */
  views(whole: Float32Array): InputArrays;
  /**
   * Fills them for an update: of the critic by its number over the run, counted from 0, of the generator by the step. Leaves off
   * between two inputs where nobody wants them any more.
   */
  fill(parts: InputArrays, update: number, isOver?: () => boolean): void;
}

export type RandomInputs = { readonly [R in Role]: StepRandomInputs };

type Draw = (out: Float32Array, key: Key) => void;

export function createRandomInputs({ seed, latent, inputs }: InputPlan, batches: Pick<Batches, 'batch'>): RandomInputs {
  const real: Draw = (out, key) => batches.batch(key, out);
  const z: Draw = (out, key) => fillLatent(out, latent, key);
  const uniform = Object.fromEntries(randomInputNames.map((name) => [name, [fillUniform, name] as const]));
  const step = (role: Role, draws: Readonly<Record<string, readonly [Draw, string]>>): StepRandomInputs => {
    const drawn = Object.entries(inputs[role]).filter(([name]) => name in draws);
    const keyed = drawn.map(([name]) => ({
      name,
      draw: draws[name][0],
      key: { seed, stream: draws[name][1], step: 0 },
    }));
    return {
      ...layout(drawn),
      fill: (parts, update, isOver) => {
        for (const { name, draw, key } of keyed) {
          if (isOver?.()) return;
          key.step = update;
          draw(parts[name], key);
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

/** z ~ N(0, 1), U[-1, 1] or U[0, 1] */
export function fillLatent(out: Float32Array, { distribution }: Experiment['latent'], key: Key): void {
  if (distribution === 'normal') return fillNormal(out, key);
  fillUniform(out, key);
  if (distribution === 'uniform') for (let i = 0; i < out.length; i++) out[i] = 2 * out[i] - 1;
}

/** Numbers in a line of the processor's cache: where each input begins. */
const LINE = 16;

function layout(
  inputs: readonly (readonly [name: string, shape: readonly number[]])[],
): Omit<StepRandomInputs, 'fill'> {
  let length = 0;
  const places = inputs.map(([name, shape]) => {
    const start = length;
    const size = sizeOfShape(shape);
    length += Math.ceil(size / LINE) * LINE;
    return { name, start, size };
  });
  return {
    length,
    views: (whole) =>
      Object.fromEntries(places.map(({ name, start, size }) => [name, whole.subarray(start, start + size)])),
  };
}
