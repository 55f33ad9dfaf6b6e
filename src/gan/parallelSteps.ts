// The two training steps in halves, for several processes that share a batch: the gradients of a part of it, and the
// update by their mean.
import * as tf from '@tensorflow/tfjs-core';
import { cosine } from './cosine';
import { updateEma } from './ema';
import type { GanParts } from './ganParts';
import type { Losses } from './losses';
import type { UpdateScalars } from './optimizers';
import { prepareWeights } from './spectralNorm';
import { buffersOf, gradientsOf, type GanStep, type Shape, type Tensors } from './step';
import type { CriticInputs, GeneratorInputs, TrainingInputs } from './trainingInputs';
import { withPrefix, type NamedVariables } from './variables';

export interface ParallelStep {
  /** The losses of the rows of one process, `gradient/…` of each parameter, and `buffer/…` of each moving average. */
  readonly gradients: GanStep;
  /** The update: takes the means of `gradient/…` and `buffer/…` over the processes, and the scalars of the update. */
  readonly apply: GanStep;
}

export type ParallelSteps = Readonly<Record<'critic' | 'generator', ParallelStep>>;

/** Results that are the largest in the batch; all others are means over it. */
export const largestResults: readonly string[] = ['largestExponent', 'largestGradientNorm'];

/** @param inputs for the rows of one process */
export function parallelSteps(parts: GanParts, inputs: TrainingInputs, losses: Losses): ParallelSteps {
  const { generator, critic, average, regularizers, reparametrization, optimizer, stepCosine } = parts;
  const buffers = floatBuffers(parts);
  const step = (
    role: 'critic' | 'generator',
    compute: (given: Tensors) => ReturnType<typeof gradientsOf>,
    update: (gradients: Tensors, scalars: UpdateScalars) => Tensors,
  ): ParallelStep => {
    const { parameters } = parts[role];
    const shapes = { ...shapesOf('gradient', parameters), ...shapesOf('buffer', buffers) };
    return {
      gradients: {
        name: `${role} gradients`,
        inputs: { ...inputs[role] },
        compute: (given) => {
          const { gradients, results } = compute(given);
          const all = Object.entries(parameters).map(
            ([name, w]) => [name, gradients[name] ?? tf.zerosLike(w)] as const,
          );
          const moved = Object.entries(buffers).map(([name, b]) => [name, tf.clone(b)] as const);
          return {
            ...(results as Tensors),
            ...withPrefix('gradient', Object.fromEntries(all)),
            ...withPrefix('buffer', Object.fromEntries(moved)),
          };
        },
      },
      apply: {
        name: `${role} update`,
        inputs: { ...shapes, ...inputs.scalars(optimizer[role]) } as Readonly<Record<string, Shape>>,
        compute: (given) => {
          for (const [name, b] of Object.entries(buffers)) b.assign(given[`buffer/${name}`]);
          const names = Object.keys(parameters);
          const gradients = Object.fromEntries(names.map((name) => [name, given[`gradient/${name}`]]));
          return update(gradients, given as UpdateScalars);
        },
      },
    };
  };
  return {
    critic: step(
      'critic',
      (given) => {
        const samples = inputs.samples(given as unknown as CriticInputs);
        const weights = prepareWeights(reparametrization, true);
        return gradientsOf(critic.parameters, () => losses.critic(samples, weights, given));
      },
      (gradients, scalars) => {
        const steps = optimizer.critic.update(gradients, scalars);
        critic.project();
        for (const { project } of regularizers) project?.(Object.values(critic.parameters));
        const results: Tensors = stepCosine ? { stepCosine: cosine(steps, gradients) } : {};
        return results;
      },
    ),
    generator: step(
      'generator',
      (given) => {
        const weights = prepareWeights(reparametrization, false);
        const fake = (): tf.Tensor => inputs.fake(given as unknown as GeneratorInputs);
        return gradientsOf(generator.parameters, () => losses.generator(fake(), weights));
      },
      (gradients, scalars) => {
        optimizer.generator.update(gradients, scalars);
        generator.project();
        if (average) updateEma(average.network, generator, average.decay);
        return {};
      },
    ),
  };
}

const shapesOf = (prefix: string, variables: NamedVariables): Record<string, Shape> =>
  Object.fromEntries(Object.entries(variables).map(([name, v]) => [`${prefix}/${name}`, v.shape]));

const floatBuffers = (parts: GanParts): NamedVariables =>
  Object.fromEntries(Object.entries(buffersOf(parts)).filter(([, v]) => v.dtype === 'float32'));
