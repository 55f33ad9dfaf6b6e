// The two training steps: one update of the critic, with its penalties and projections, and one of the generator.
import { cosine } from './cosine';
import { updateEma } from './ema';
import type { GanParts } from './ganParts';
import type { CriticResults, GeneratorResults, Losses } from './losses';
import type { UpdateScalars } from './optimizers';
import { prepareWeights } from './spectralNorm';
import { defineStep, gradientsOf, type GanStep } from './step';
import type { CriticInputs, GeneratorInputs, TrainingInputs } from './trainingInputs';

export function criticStep(parts: GanParts, inputs: TrainingInputs, losses: Losses): GanStep {
  const { critic, regularizers, reparametrization, optimizer, stepCosine } = parts;
  return defineStep<CriticInputs & UpdateScalars, CriticResults>(
    'critic',
    { ...inputs.critic, ...inputs.scalars(optimizer.critic) },
    (given) => {
      const samples = inputs.samples(given);
      const weights = prepareWeights(reparametrization, true);
      const { gradients, results } = gradientsOf(critic.parameters, () => losses.critic(samples, weights, given));
      const steps = optimizer.critic.update(gradients, given);
      critic.project();
      for (const { project } of regularizers) project?.(Object.values(critic.parameters));
      return stepCosine ? { ...results, stepCosine: cosine(steps, gradients) } : results;
    },
  );
}

export function generatorStep(parts: GanParts, inputs: TrainingInputs, losses: Losses): GanStep {
  const { generator, average, reparametrization, optimizer } = parts;
  return defineStep<GeneratorInputs & UpdateScalars, GeneratorResults>(
    'generator',
    { ...inputs.generator, ...inputs.scalars(optimizer.generator) },
    (given) => {
      const weights = prepareWeights(reparametrization, false);
      const { gradients, results } = gradientsOf(generator.parameters, () =>
        losses.generator(inputs.fake(given), weights),
      );
      optimizer.generator.update(gradients, given);
      generator.project();
      if (average) updateEma(average.network, generator, average.decay);
      return results;
    },
  );
}
