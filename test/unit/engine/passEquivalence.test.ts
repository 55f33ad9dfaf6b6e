// No pass changes the results of a training step: losses and weights are the same with and without it.
import { beforeAll, describe, expect, it } from 'vitest';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import { ALL_PASSES, NO_PASSES, type Passes } from '../../../src/engine/passes/optimize';
import { parseExperiment } from '../../../src/experiment';
import { fillUpdateScalars } from '../../../src/gan/optimizers';
import { fillNormal, fillUniform } from '../../../src/math/random';
import { buildGan } from '../../../src/trainer/buildGan';

// Smooth activations, since rounding flips the masks of ReLU; a learning rate whose updates are much larger than
// rounding.
const convolutional = { network: 'dcgan', filters: 32, kernel: 4, activation: 'tanh', initializer: 'he' };
const dense = { network: 'mlp', depth: 3, width: 32, activation: 'tanh', initializer: 'he' };
const residual = { network: 'resnet', filters: 10, normalization: 'none', activation: 'tanh', initializer: 'he' };
const systemsOf = {
  convolutional: { generator: { ...convolutional, kernel: 5, normalization: 'batch' }, critic: convolutional },
  dense: { generator: dense, critic: dense },
  // Without batch norm: the gradient of a bias before it is zero but for rounding, which Adam amplifies.
  residual: { generator: residual, critic: residual },
  // Batch norm in both networks, so that it is also differentiated twice.
  'large-batch': {
    generator: { ...convolutional, normalization: 'batch' },
    critic: { ...convolutional, normalization: 'batch' },
  },
};
type System = keyof typeof systemsOf;
/** Passes without effect on a system. */
const idle: Readonly<Record<System, readonly string[]>> = {
  // Its convolutions are batched products already, and sums of filter gradients are gradients of one convolution.
  convolutional: ['batchFusion', 'fewFilters', 'linearSums', 'batchLast'] satisfies (keyof Passes)[],
  dense: [
    ...(['im2col', 'fewFilters', 'winograd', 'largeWinogradTiles', 'convolutionBatches', 'linearSums'] as const),
    ...(['batchLast', 'narrowBroadcasts'] as const),
  ] satisfies (keyof Passes)[],
  // Its layers have too few channels for Winograd's algorithm, and fewer weights than a batch has numbers.
  residual: [
    'batchFusion',
    'winograd',
    'largeWinogradTiles',
    'batchLast',
    'convolutionBatches',
    'linearSums',
  ] satisfies (keyof Passes)[],
  'large-batch': [],
};

/** The passes that a system is trained without: with a large batch, which takes long, those that depend on it. */
const passesOf = (system: System): readonly string[] =>
  system === 'large-batch' ? ['batchLast', 'layout', 'interpolations', 'winograd'] : Object.keys(ALL_PASSES);

/** Gathers are made after the graph that is compared; updates outside of the graph are not fused in it. */
const idleEverywhere: readonly string[] = ['gatherTransposes', 'fuseOptimizerUpdates'] satisfies (keyof Passes)[];

interface Outcome {
  /** The optimized graphs as text. */
  readonly graphs: string;
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** Two updates of the critic and one of the generator on images of 16 × 16. */
async function train(system: System, passes: Passes): Promise<Outcome> {
  const text = JSON.stringify({
    data: { source: 'digits' },
    latent: { size: 5 },
    ...systemsOf[system],
    objective: 'wgan',
    constraint: { kind: 'gradient-penalty', lambda: 10 },
    optimizer: { kind: 'adam', learningRate: 0.01, beta1: 0.5, beta2: 0.9 },
    batchSize: system === 'large-batch' ? 16 : 3,
    seed: 7,
  });
  const { experiment } = parseExperiment(text, 'passes.gan.json');
  const engine = openOnnxEngine({ threads: 1, passes });
  const { gan } = await buildGan(experiment!, [16, 16, 3], { source: { path: 'passes.gan.json', text } });
  const state = engine.state(gan.variables);
  const before = await state.read();
  const results: Record<string, Float32Array> = {};
  let graphs = '';
  for (const [name, definition] of Object.entries({ critic: gan.criticStep, generator: gan.generatorStep })) {
    const step = await engine.compile({ ...definition, state });
    graphs += step.print().optimized;
    for (let k = 0; k < (name === 'critic' ? 2 : 1); k++) {
      const feeds = Object.entries(definition.inputs).map(([input, shape]) => {
        const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
        (input === 'epsilon' ? fillUniform : fillNormal)(values, { seed: 1, stream: input, step: k });
        return [input, values] as const;
      });
      fillUpdateScalars(Object.fromEntries(feeds), experiment!.optimizer.critic, k + 1, 0.01);
      for (const [key, value] of Object.entries(await step.run(Object.fromEntries(feeds))))
        results[`${name} ${k} ${key}`] = value.slice();
    }
    await step.dispose();
  }
  for (const [key, value] of Object.entries(await state.read())) results[key] = value.map((v, i) => v - before[key][i]);
  state.dispose();
  return { graphs, values: results };
}

/** ‖a − b‖ / ‖b‖ */
function difference(a: Float32Array, b: Float32Array): number {
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
  return norm(a.map((v, i) => v - b[i])) / Math.max(norm(b), 1e-6);
}

describe.each(['convolutional', 'dense', 'residual', 'large-batch'] as const)('a %s training step', (system) => {
  let unoptimized: Outcome;
  let optimized: Outcome;
  beforeAll(async () => {
    unoptimized = await train(system, NO_PASSES);
    optimized = await train(system, ALL_PASSES);
  });

  it.each(['none', ...passesOf(system)])('is the same with all passes except %s', async (pass) => {
    const { graphs, values } = pass === 'none' ? optimized : await train(system, { ...ALL_PASSES, [pass]: false });
    expect(Object.keys(values)).toEqual(Object.keys(unoptimized.values));
    const worst = Object.entries(values)
      .map(([name, value]) => [name, difference(value, unoptimized.values[name])] as const)
      .reduce((a, b) => (b[1] > a[1] ? b : a));
    expect(worst[1], worst[0]).toBeLessThan(3e-4);
    // Each pass changes the graph.
    if (pass !== 'none' && ![...idle[system], ...idleEverywhere].includes(pass))
      expect(graphs === optimized.graphs).toBe(false);
  });
});
