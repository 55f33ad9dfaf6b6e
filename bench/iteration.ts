// An iteration of our engine, with the networks, steps and random numbers of the trainer.
import type { Engine, State } from '../src/engine/engine';
import { fillUpdateScalars } from '../src/gan/optimizers';
import type { GanStep } from '../src/gan/step';
import { fillNormal, fillUniform } from '../src/math/random';
import { buildGan } from '../src/trainer/buildGan';
import type { BenchCase } from './cases';
import { experimentOf } from './experiment';

export interface Iteration {
  /** Threads of the critic's step. */
  readonly threads: number;
  readonly state: State;
  /** Milliseconds spent in the native runtime so far. */
  nativeMs(): number;
  /** Runs one iteration; returns the loss of its last critic step. */
  iterate(): Promise<number>;
  /** The graphs, before and after the passes. */
  print(): string;
}

export async function iteration(engine: Engine, benchCase: BenchCase): Promise<Iteration> {
  const experiment = experimentOf(benchCase);
  const { gan } = await buildGan(experiment, benchCase.sample, { source: { path: benchCase.name, text: '' } });
  const state = engine.state(gan.variables);
  const compile = async (step: GanStep) => engine.compile({ ...step, state, isBuiltIn: true });
  const [critic, generator] = [await compile(gan.criticStep), await compile(gan.generatorStep)];
  const buffer = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));
  const buffers = (step: GanStep) =>
    Object.fromEntries(Object.entries(step.inputs).map(([name, shape]) => [name, buffer(shape)]));
  const feeds = { critic: buffers(gan.criticStep), generator: buffers(gan.generatorStep) };
  const { real } = feeds.critic;
  fillUniform(real, { seed: 1, stream: 'real', step: 0 });
  for (let i = 0; i < real.length; i++) real[i] = 2 * real[i] - 1;
  const { optimizer } = experiment;
  let update = 0;
  let steps = 0;
  return {
    threads: critic.threads,
    state,
    nativeMs: () => critic.spent.milliseconds + generator.spent.milliseconds,
    print: () => [critic, generator].map((s) => Object.values(s.print()).join('\n\n')).join('\n\n'),
    iterate: async () => {
      let loss = NaN;
      for (let i = 0; i < benchCase.criticSteps; i++) {
        fillNormal(feeds.critic.z, { seed: 1, stream: 'z', step: update });
        if (feeds.critic.epsilon) fillUniform(feeds.critic.epsilon, { seed: 1, stream: 'epsilon', step: update });
        update++;
        fillUpdateScalars(feeds.critic, optimizer.critic, update - steps, optimizer.critic.learningRate);
        loss = (await critic.run(feeds.critic)).criticLoss[0];
      }
      fillNormal(feeds.generator.z, { seed: 1, stream: 'z', step: update++ });
      fillUpdateScalars(feeds.generator, optimizer.generator, ++steps, optimizer.generator.learningRate);
      await generator.run(feeds.generator);
      return loss;
    },
  };
}
