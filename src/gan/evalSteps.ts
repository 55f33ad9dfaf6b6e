// The evaluation steps: the estimate on held-out samples, generated samples, and critic scores. They leave the state
// unchanged.
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { GanParts, Sizes } from './ganParts';
import { boundedExp } from './objective';
import { prepareWeights } from './spectralNorm';
import { buffersOf, defineStep, withRestored, type GanStep } from './step';

/**
 * The estimate on these samples, computed as in training, with the statistics of the batch: with moving averages it
 * would differ from the training estimate even on the same samples, and the gap would not show memorization.
 */
export function validationStep(
  { generator, critic, objective, reparametrization }: GanParts,
  { batch, latent, shape }: Sizes,
): GanStep {
  return defineStep<{ real: Tensor; z: Tensor }, { validationEstimate: Scalar }>(
    'validation',
    { real: [batch, ...shape], z: [batch, latent] },
    ({ real, z }) =>
      withRestored(buffersOf({ generator, critic }), () => {
        const weights = prepareWeights(reparametrization, false)();
        const D = (x: Tensor): Tensor => critic.apply(x, true, weights);
        const scores = { real: D(real), fake: D(generator.apply(z, true)) };
        const exp = boundedExp([]);
        return { validationEstimate: objective.estimate(objective.criticLoss(scores, exp), scores, exp) };
      }),
  );
}

/** z [count, latent] to samples [count, ...shape]. */
export function samplesStep(
  { generator, average, batchNormStatistics = 'moving' }: GanParts,
  { latent }: Sizes,
  count: number,
): GanStep {
  return defineStep<{ z: Tensor }, { samples: Tensor }>(`samples ${count}`, { z: [count, latent] }, ({ z }) => ({
    samples: (average?.network ?? generator).sample(z, batchNormStatistics),
  }));
}

/** x [count, ...shape] to D(x) [count, 1]. */
export function criticScoresStep({ critic, reparametrization }: GanParts, { shape }: Sizes, count: number): GanStep {
  return defineStep<{ x: Tensor }, { scores: Tensor }>(`critic scores ${count}`, { x: [count, ...shape] }, ({ x }) => ({
    scores: critic.apply(x, false, prepareWeights(reparametrization, false)()),
  }));
}
