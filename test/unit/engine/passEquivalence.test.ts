// Every pass leaves a training step what it is: the same losses and the same weights with it and without it.
import { beforeAll, describe, expect, it } from 'vitest';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import { ALL_PASSES, NO_PASSES, type Passes } from '../../../src/engine/passes/optimize';
import { parseExperiment } from '../../../src/experiment';
import { fillNormal, fillUniform } from '../../../src/math/random';
import { buildGan } from '../../../src/trainer/buildGan';

// Smooth, since rounding flips the masks of ReLU; a rate at which a step is far above the rounding of a weight.
const convolutional = { network: 'dcgan', filters: 32, kernel: 4, activation: 'tanh', initializer: 'he' };
const dense = { network: 'mlp', depth: 3, width: 32, activation: 'tanh', initializer: 'he' };
const systemsOf = {
  convolutional: { generator: { ...convolutional, kernel: 5, normalization: 'batch' }, critic: convolutional },
  dense: { generator: dense, critic: dense },
};
type System = keyof typeof systemsOf;
/** What has nothing to do where nothing is convolved. */
const idleWhereDense: readonly string[] = ['im2col', 'winograd'] satisfies (keyof Passes)[];

interface Outcome {
  readonly nodes: number;
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
    batchSize: 3,
    seed: 7,
  });
  const { experiment } = parseExperiment(text, 'passes.gan.json');
  const engine = openOnnxEngine({ threads: 1, passes });
  const { gan } = await buildGan(experiment!, [16, 16, 3], { path: 'passes.gan.json', text });
  const state = engine.state(gan.variables);
  const before = await state.read();
  const results: Record<string, Float32Array> = {};
  let nodes = 0;
  for (const [name, definition] of Object.entries({ critic: gan.criticStep, generator: gan.generatorStep })) {
    const step = await engine.compile({ ...definition, state });
    nodes += step.print().optimized.split('\n').length;
    for (let k = 0; k < (name === 'critic' ? 2 : 1); k++) {
      const feeds = Object.entries(definition.inputs).map(([input, shape]) => {
        const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
        (input === 'epsilon' ? fillUniform : fillNormal)(values, { seed: 1, stream: input, step: k });
        return [input, values] as const;
      });
      for (const [key, value] of Object.entries(await step.run(Object.fromEntries(feeds))))
        results[`${name} ${k} ${key}`] = value.slice();
    }
    await step.dispose();
  }
  for (const [key, value] of Object.entries(await state.read())) results[key] = value.map((v, i) => v - before[key][i]);
  state.dispose();
  return { nodes, values: results };
}

/** ‖a − b‖ / ‖b‖ over everything that a name holds. */
function difference(a: Float32Array, b: Float32Array): number {
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
  return norm(a.map((v, i) => v - b[i])) / Math.max(norm(b), 1e-6);
}

describe.each(['convolutional', 'dense'] as const)('a %s training step', (system) => {
  let plain: Outcome;
  let whole: Outcome;
  beforeAll(async () => {
    plain = await train(system, NO_PASSES);
    whole = await train(system, ALL_PASSES);
  });

  it.each(['none', ...Object.keys(ALL_PASSES)] as const)('is the same without %s of the passes', async (left) => {
    const { nodes, values } = left === 'none' ? whole : await train(system, { ...ALL_PASSES, [left]: false });
    expect(Object.keys(values)).toEqual(Object.keys(plain.values));
    const worst = Object.entries(values)
      .map(([name, value]) => [name, difference(value, plain.values[name])] as const)
      .reduce((a, b) => (b[1] > a[1] ? b : a));
    expect(worst[1], worst[0]).toBeLessThan(3e-4);
    // Each does something here: without it the graph is another one.
    const idle = left === 'none' || (system === 'dense' && idleWhereDense.includes(left));
    if (!idle) expect(nodes).not.toBe(whole.nodes);
  });
});
