// Our engine, as the product runs it: the trainer's own networks, steps and random numbers, fed fresh noise each iteration.
import * as tf from '@tensorflow/tfjs-core';
import type { CatalogNetwork, Role } from '../../src/catalog';
import type { Engine } from '../../src/engine/engine';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { constraintOf } from '../../src/gan/constraints';
import { createGan, type GanStep } from '../../src/gan/gan';
import { buildNetwork, networkOf } from '../../src/gan/networks';
import { objectiveOf } from '../../src/gan/objectives';
import { optimizerOf } from '../../src/gan/optimizers';
import { fillNormal, fillUniform } from '../../src/math/random';
import type { BenchCase } from '../cases';
import { serve, type Workload } from '../child';

void serve('onnx-cpu', async (of): Promise<Workload> => {
  const engine = openOnnxEngine();
  const { iterate, nativeMs, threads } = await iteration(engine, of);
  return {
    version: `${engine.runtime}, ${threads} thread${threads === 1 ? '' : 's'}`,
    iterate,
    nativeMs,
    gemm: () => gemm(engine),
  };
});

/** The experiment's network for a case. */
function networkFor({ network }: BenchCase, role: Role): CatalogNetwork {
  if (network.kind === 'mlp') return { network: 'mlp', ...network, activation: 'relu', initialiser: 'he' };
  const activation = role === 'generator' ? 'relu' : 'leaky-relu';
  return {
    network: 'dcgan',
    ...network,
    kernel: network.kernel as 4 | 5,
    activation,
    normalization: 'none',
    slope: 0.2,
    initialiser: 'he',
  };
}

async function iteration(engine: Engine, of: BenchCase) {
  const { batchSize, latent, sample, criticSteps, lambda, adam } = of;
  const build = (role: Role) => {
    const ends = role === 'generator' ? { input: [latent], output: sample } : { input: sample, output: [1] };
    return networkOf(buildNetwork(networkFor(of, role), { role, seed: 1, ...ends }));
  };
  const [generator, critic] = [build('generator'), build('critic')];
  const optimizer = { kind: 'adam', ...adam } as const;
  const gan = createGan(
    {
      generator,
      critic,
      average: null,
      objective: objectiveOf({ kind: 'wgan' }),
      constraints: [constraintOf({ kind: 'gradient-penalty', lambda, target: 1, sides: 'two' })],
      optimizer: {
        generator: optimizerOf(optimizer, generator.parameters, 'generator'),
        critic: optimizerOf(optimizer, critic.parameters, 'critic'),
      },
      noise: false,
    },
    { batch: batchSize, latent, shape: sample },
  );
  const state = engine.state(gan.variables);
  const compile = async (step: GanStep) => engine.compile({ ...step, state });
  const [criticStep, generatorStep] = [await compile(gan.criticStep), await compile(gan.generatorStep)];
  const real = new Float32Array(batchSize * sample.reduce((a, b) => a * b, 1));
  fillUniform(real, { seed: 1, stream: 'real', step: 0 });
  for (let i = 0; i < real.length; i++) real[i] = 2 * real[i] - 1;
  const [z, epsilon] = [new Float32Array(batchSize * latent), new Float32Array(batchSize)];
  let update = 0;
  return {
    threads: criticStep.threads,
    nativeMs: () => criticStep.spent.milliseconds + generatorStep.spent.milliseconds,
    iterate: async (): Promise<number> => {
      let loss = NaN;
      for (let i = 0; i < criticSteps; i++) {
        fillNormal(z, { seed: 1, stream: 'z', step: update });
        fillUniform(epsilon, { seed: 1, stream: 'epsilon', step: update++ });
        loss = (await criticStep.run({ real, z, epsilon })).criticLoss[0];
      }
      fillNormal(z, { seed: 1, stream: 'z', step: update++ });
      await generatorStep.run({ z });
      return loss;
    },
  };
}

/** The rate of a float32 matrix product of 1024 cubed in a compiled step, in GFLOP/s: the best of several. */
async function gemm(engine: Engine): Promise<number> {
  const n = 1024;
  const step = await engine.compile({
    name: 'gemm',
    state: engine.state({}),
    inputs: { a: [n, n], b: [n, n] },
    compute: ({ a, b }) => ({ corner: tf.slice(tf.matMul(a, b), [0, 0], [1, 1]) }),
  });
  const [a, b] = [new Float32Array(n * n).fill(0.5), new Float32Array(n * n).fill(0.25)];
  let best = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await step.run({ a, b });
    best = Math.min(best, performance.now() - start);
  }
  await step.dispose();
  return (2 * n ** 3) / best / 1e6;
}
