// The inputs of the training steps, and the samples that the critic sees for them.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { GanParts, Sizes } from './ganParts';
import type { Samples } from './losses';
import type { Optimizer, UpdateScalars } from './optimizers';
import type { RandomInputs } from './regularizers/regularizer';
import type { Shape } from './step';

/** Of the generator step. */
export interface GeneratorInputs {
  /** Latent vectors, [batch, latent]. */
  readonly z: Tensor;
  /** n of x̃ + σn, [batch, ...shape]; only with instance noise. */
  readonly fakeNoise?: Tensor;
  /** σ of the step, a scalar; only with instance noise. */
  readonly sigma?: Tensor;
}

/** Of the critic step. */
export interface CriticInputs extends GeneratorInputs {
  /** x, [batch, ...shape]. */
  readonly real: Tensor;
  /** n of x + σn, [batch, ...shape]; only with instance noise. */
  readonly realNoise?: Tensor;
  /** ε of the gradient penalty from U[0, 1), [batch, 1, ...]; only with that penalty. */
  readonly epsilon?: Tensor;
  /** u of DRAGAN from U[0, 1), [batch, ...shape]; only with that penalty. */
  readonly u?: Tensor;
  /** α of DRAGAN from U[0, 1), [batch, 1, ...]; only with that penalty. */
  readonly alpha?: Tensor;
}

type Shapes<In> = { readonly [K in keyof In]: Shape };

export interface TrainingInputs {
  readonly critic: Shapes<CriticInputs>;
  readonly generator: Shapes<GeneratorInputs>;
  scalars(optimizer: Optimizer): Shapes<UpdateScalars>;
  /** x and x̃ = G(z) with instance noise. */
  samples(inputs: CriticInputs): Samples;
  /** x̃ = G(z) with instance noise. */
  fake(inputs: GeneratorInputs): Tensor;
}

export function createTrainingInputs(
  { generator, regularizers, instanceNoise }: Pick<GanParts, 'generator' | 'regularizers' | 'instanceNoise'>,
  { batch, latent, shape }: Sizes,
): TrainingInputs {
  const samples = [batch, ...shape];
  const z = [batch, latent];
  const random: RandomInputs = Object.assign({}, ...regularizers.map((r) => r.randomInputs?.(samples) ?? {}));
  const noise = instanceNoise ? { fakeNoise: samples, sigma: [] } : {};
  const fake = ({ z, fakeNoise, sigma }: GeneratorInputs): Tensor => noisy(generator.apply(z, true), fakeNoise, sigma);
  return {
    critic: { real: samples, z, ...random, ...(instanceNoise ? { realNoise: samples, ...noise } : {}) },
    generator: { z, ...noise },
    scalars: (optimizer) => Object.fromEntries(optimizer.scalars.map((name) => [name, []])),
    fake,
    samples: (inputs) => ({ real: noisy(inputs.real, inputs.realNoise, inputs.sigma), fake: fake(inputs) }),
  };
}

/** x + σn with instance noise, else x. */
const noisy = (x: Tensor, n: Tensor | undefined, sigma: Tensor | undefined): Tensor =>
  n && sigma ? tf.add(x, tf.mul(sigma, n)) : x;
