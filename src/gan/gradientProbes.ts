// The steps that report gradients without following them: the gradient probe, and the generator gradient at samples.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { GanParts, Sizes } from './ganParts';
import type { Losses } from './losses';
import { boundedExp } from './objective';
import { prepareWeights } from './spectralNorm';
import { buffersOf, defineStep, gradientsOf, withRestored, type GanStep, type Tensors } from './step';
import type { CriticInputs, TrainingInputs } from './trainingInputs';
import { withPrefix } from './variables';

/**
 * The gradients that the next updates would follow: of the critic's loss with penalties and of the generator's, by the
 * names of their variables. The state is left unchanged.
 */
export function gradientProbeStep(parts: GanParts, inputs: TrainingInputs, losses: Losses): GanStep {
  const { generator, critic, reparametrization } = parts;
  return defineStep<CriticInputs, Tensors>('gradient probe', inputs.critic, (given) =>
    withRestored(buffersOf(parts), () => {
      const samples = inputs.samples(given);
      const weights = prepareWeights(reparametrization, false);
      const ofCritic = gradientsOf(critic.parameters, () => losses.critic(samples, weights, given)).gradients;
      const ofGenerator = gradientsOf(generator.parameters, () =>
        losses.generator(inputs.fake(given), weights),
      ).gradients;
      return { ...withPrefix('critic', ofCritic), ...withPrefix('generator', ofGenerator) };
    }),
  );
}

/**
 * x [count, ...shape] to −∂L_G/∂x of each sample alone, [count, ...shape]: the direction in which the generator should
 * move it.
 */
export function generatorGradientStep(
  { critic, objective, reparametrization }: GanParts,
  { shape }: Sizes,
  count: number,
): GanStep {
  return defineStep<{ x: Tensor }, { generatorGradient: Tensor }>(
    `generator gradient ${count}`,
    { x: [count, ...shape] },
    ({ x }) => {
      const weights = prepareWeights(reparametrization, false);
      const loss = (x: Tensor): Scalar => objective.generatorLoss(critic.apply(x, false, weights()), boundedExp([]));
      return { generatorGradient: tf.mul(-count, tf.grad(loss)(x)) }; // L_G is a mean: −n ∂L_G/∂xᵢ
    },
  );
}
