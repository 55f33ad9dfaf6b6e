// Regularizers and weight constraints of a user's layers: linear networks, whose updates are known in closed form.
import * as tf from '@tensorflow/tfjs-core';
import {
  layers,
  sequential,
  regularizers,
  constraints,
  model as modelOf,
  type LayersModel,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerConfig } from '../../../src/catalog';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import type { Engine } from '../../../src/engine/engine';
import { createGan } from '../../../src/gan/gan';
import { networkOf } from '../../../src/gan/network';
import { createObjective } from '../../../src/gan/objectives';
import { createOptimizer, fillUpdateScalars } from '../../../src/gan/optimizers';
import { atRest, update } from '../../reference/optimizers';

let engine: Engine;
beforeAll(() => {
  engine = openOnnxEngine({ threads: 1 });
});

const optimizers: Readonly<Record<OptimizerConfig['kind'], OptimizerConfig>> = {
  sgd: { kind: 'sgd', learningRate: 0.05, momentum: 0.5, schedule: 'constant' },
  rmsprop: { kind: 'rmsprop', learningRate: 0.02, rho: 0.9, epsilon: 1e-8, schedule: 'constant' },
  adam: { kind: 'adam', learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 1e-8, schedule: 'constant' },
};

const real = Float32Array.of(1, 2, -0.5, 3, 0.25, -1, 2, 0.5);
const z = Float32Array.of(0.5, -1, 1.5, 0.25, -0.75, 1, 0.1, 0.9);
const BATCH = 4;
const start = { V: [0.4, -0.2, 0.7, 0.3], c: [0.1, -0.3], w: [0.6, -0.9], b: [0.2] };

/** Means of the two coordinates. */
const mean = (x: ArrayLike<number>): number[] =>
  [0, 1].map((j) => Array.from({ length: BATCH }, (_, i) => x[2 * i + j]).reduce((a, v) => a + v) / BATCH);

type Options = Parameters<typeof layers.dense>[0];
const linear = (options: Options, values: readonly (readonly number[])[]): LayersModel => {
  const built = sequential({ layers: [layers.dense({ ...options, inputShape: [2] })] });
  // `setWeights` would project them.
  built.weights.forEach((w, i) => (w.read() as tf.Variable).assign(tf.tensor([...values[i]], w.shape as number[])));
  return built;
};
const generatorOf = (options: Partial<Options> = {}) => linear({ units: 2, ...options }, [start.V, start.c]);
const criticOf = (options: Partial<Options> = {}) => linear({ units: 1, ...options }, [start.w, start.b]);

/** Five critic updates, then five generator updates, as one flat list of weights each. */
async function trained(generatorModel: LayersModel, criticModel: LayersModel, optimizer: OptimizerConfig) {
  const [generator, critic] = [networkOf(generatorModel), networkOf(criticModel)];
  const gan = createGan(
    {
      generator,
      critic,
      average: null,
      objective: createObjective({ kind: 'wgan' }),
      labelSmoothing: null,
      regularizers: [],
      reparametrization: null,
      optimizer: {
        generator: createOptimizer(optimizer, generator.parameters, 'generator'),
        critic: createOptimizer(optimizer, critic.parameters, 'critic'),
      },
      stepCosine: false,
      instanceNoise: false,
    },
    { batch: BATCH, latent: 2, shape: [2] },
  );
  const state = engine.state(gan.variables);
  const criticStep = await engine.compile({ ...gan.criticStep, state });
  const generatorStep = await engine.compile({ ...gan.generatorStep, state });
  const losses: number[] = [];
  // The inputs of each optimizer that change from update to update; the others ignore them.
  const at = (t: number) => {
    const scalars = { stepSize: new Float32Array(1), floor: new Float32Array(1) };
    fillUpdateScalars(scalars, optimizer, t, optimizer.learningRate);
    return scalars;
  };
  for (let i = 0; i < 5; i++) losses.push((await criticStep.run({ real, z, ...at(i + 1) })).criticLoss[0]);
  for (let i = 0; i < 5; i++) await generatorStep.run({ z, ...at(i + 1) });
  const values = await state.read();
  const weights = (role: string) =>
    Object.keys(values)
      .filter((name) => name.startsWith(`${role}/`))
      .sort();
  const all = (role: string) => weights(role).map((name) => [...values[name]]);
  await Promise.all([criticStep.dispose(), generatorStep.dispose()]);
  state.dispose();
  return { critic: all('critic'), generator: all('generator'), losses };
}

type Projection = (w: Float64Array) => Float64Array;
interface Rule {
  /** ∂/∂w of the regularizer of the kernel. */
  readonly gradient?: (w: number) => number;
  readonly project?: Projection;
}

/** The same in float64. D(x) = w·x + b, L_D = E D(x̃) − E D(x); G(z) = zV + c, L_G = −E D(G(z)). */
function reference(of: Rule, optimizer: OptimizerConfig) {
  const { gradient = () => 0, project = (w) => w } = of;
  const fake = new Float64Array(2 * BATCH).map((_, k) => {
    const [i, j] = [Math.floor(k / 2), k % 2];
    return z[2 * i] * start.V[j] + z[2 * i + 1] * start.V[2 + j] + start.c[j];
  });
  const difference = mean(fake).map((m, j) => m - mean(real)[j]);
  let critic = atRest([start.w, start.b]);
  const losses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const [w] = critic.w;
    losses.push(difference[0] * w[0] + difference[1] * w[1]);
    const g = Float64Array.from(difference, (d, j) => d + gradient(w[j]));
    critic = update(optimizer, critic, [g, Float64Array.of(0)]);
    critic = { ...critic, w: [project(critic.w[0]), critic.w[1]] };
  }
  const [w] = critic.w;
  let generator = atRest([start.V, start.c]);
  for (let i = 0; i < 5; i++) {
    const [V] = generator.w;
    const g = V.map((v, k) => -mean(z)[Math.floor(k / 2)] * w[k % 2] + gradient(v));
    generator = update(optimizer, generator, [g, Float64Array.from(w, (v) => -v)]);
    generator = { ...generator, w: [project(generator.w[0]), generator.w[1]] };
  }
  return { critic: critic.w.map((v) => [...v]), generator: generator.w.map((v) => [...v]), losses };
}

const close = (found: readonly (readonly number[])[], expected: readonly (readonly number[])[]) => {
  expect(found.map((w) => w.length)).toEqual(expected.map((w) => w.length));
  found.flat().forEach((v, i) => expect(v).toBeCloseTo(expected.flat()[i], 4));
};

/** Scales each column of a [2, n] kernel to a norm in [low, high], as `axis: 0` of TensorFlow.js. */
const columns =
  (low: number, high: number, rate = 1): Projection =>
  (w) => {
    const n = w.length / 2;
    const norms = Array.from({ length: n }, (_, j) => Math.hypot(w[j], w[n + j]));
    return w.map((v, k) => {
      const norm = norms[k % n];
      return (v * (rate * Math.min(high, Math.max(low, norm)) + (1 - rate) * norm)) / (1e-7 + norm);
    });
  };

const rules: readonly (readonly [name: string, options: Partial<Options>, rule: Rule])[] = [
  ['no regularizer', {}, {}],
  ['l2', { kernelRegularizer: regularizers.l2({ l2: 0.3 }) }, { gradient: (w) => 0.6 * w }],
  ['l1', { kernelRegularizer: regularizers.l1({ l1: 0.2 }) }, { gradient: (w) => 0.2 * Math.sign(w) }],
  [
    'l1 and l2',
    { kernelRegularizer: regularizers.l1l2({ l1: 0.2, l2: 0.1 }) },
    { gradient: (w) => 0.2 * Math.sign(w) + 0.2 * w },
  ],
  ['max norm', { kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }) }, { project: columns(0, 0.5) }],
  [
    'min-max norm at half the rate',
    { kernelConstraint: constraints.minMaxNorm({ minValue: 1.2, maxValue: 1.3, rate: 0.5, axis: 0 }) },
    { project: columns(1.2, 1.3, 0.5) },
  ],
  ['unit norm', { kernelConstraint: constraints.unitNorm({ axis: 0 }) }, { project: columns(1, 1) }],
  ['non-negative', { kernelConstraint: constraints.nonNeg() }, { project: (w) => w.map((v) => Math.max(0, v)) }],
  [
    'l2 and max norm',
    { kernelRegularizer: 'l1l2', kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }) },
    { gradient: (w) => 0.01 * Math.sign(w) + 0.02 * w, project: columns(0, 0.5) },
  ],
];

describe.each(Object.entries(optimizers))('under %s', (_, optimizer) => {
  it.each(rules)('both networks follow the closed form: %s', async (_, options, rule) => {
    const expected = reference(rule, optimizer);
    const found = await trained(generatorOf(options), criticOf(options), optimizer);
    close(found.critic, expected.critic);
    close(found.generator, expected.generator);
    // L_D is the adversarial term alone.
    found.losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i], 4));
  });
});

const l2 = { kernelRegularizer: regularizers.l2({ l2: 0.3 }) };

it('layers inside nested models and wrappers are regularized too, each once', async () => {
  const expected = reference({ gradient: (w) => 0.6 * w }, optimizers.sgd);
  const nested = (inner: LayersModel, twice = false): LayersModel => {
    const input = modelInput();
    const once = inner.apply(input) as typeof input;
    if (twice) inner.apply(input);
    return modelOf({ inputs: input, outputs: once });
  };
  const found = await trained(nested(nested(generatorOf(l2))), nested(criticOf(l2), true), optimizers.sgd);
  close(found.critic, expected.critic);
  close(found.generator, expected.generator);
});

const modelInput = () => layers.inputLayer({ inputShape: [2] }).inboundNodes[0].outputTensors[0];

it('a constraint on a frozen layer does nothing, as in Keras', async () => {
  const frozen = criticOf({ kernelConstraint: constraints.maxNorm({ maxValue: 0.1, axis: 0 }), trainable: false });
  const outer = sequential({ layers: [...frozen.layers, layers.dense({ units: 1, useBias: false })] });
  const network = networkOf(outer);
  expect(Object.keys(network.buffers)).toHaveLength(2);
  network.project();
  expect([...Object.values(network.buffers)[0].dataSync()].map((v) => Math.fround(v))).toEqual(
    start.w.map(Math.fround),
  );
});

it('the loss of a wrapped or shared layer counts once', () => {
  const l2 = () => regularizers.l2({ l2: 1 });
  const ones = { kernelInitializer: 'ones', useBias: false } as const;
  const shared = layers.dense({ units: 2, ...ones, kernelRegularizer: l2() }); // 4
  const input = modelInput();
  const twice = layers.reshape({ targetShape: [2, 1] }).apply(shared.apply(shared.apply(input)));
  const wrapped = layers.timeDistributed({ layer: layers.dense({ units: 3, ...ones, kernelRegularizer: l2() }) }); // 3
  const recurrent = layers.simpleRNN({ units: 2, ...ones, recurrentInitializer: 'zeros', kernelRegularizer: l2() }); // 6
  const both = layers.bidirectional({
    layer: layers.gru({ units: 1, ...ones, recurrentInitializer: 'zeros', kernelRegularizer: l2() }), // 2 × 9
    mergeMode: 'concat',
  } as never);
  const h = wrapped.apply(twice) as ReturnType<typeof modelInput>;
  const outputs = layers.concatenate().apply([recurrent.apply(h), both.apply(h)] as (typeof h)[]) as typeof h;
  const network = networkOf(modelOf({ inputs: input, outputs }));
  expect(network.regularization()!.dataSync()[0]).toBeCloseTo(4 + 3 + 6 + 18, 5);
});
