// The networks of the catalog against the float64 reference, in float64 and on the ONNX engine: outputs, and the
// gradient of a gradient penalty through each critic.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { CatalogNetworkConfig, Role } from '../../../src/catalog';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import { buildNetwork } from '../../../src/gan/architectures';
import { networkOf, type NetworkSpec, type Network } from '../../../src/gan/network';
import {
  add,
  apply,
  constant,
  gradients,
  mean,
  sqrt,
  square,
  sub,
  sum,
  weightShapes,
  type Value,
} from '../../reference';
import { architectureOf, inReferenceOrder } from '../../support/architectureOf';
import { inFloat64 } from '../../support/float64';

// Opening an engine fixes the gradients of TensorFlow.js.
openOnnxEngine({ threads: 1 });

interface Case {
  readonly network: CatalogNetworkConfig;
  readonly ends: NetworkSpec;
}

const BATCH = 3;
const LATENT = 4;
const activations = ['relu', 'leaky-relu', 'tanh', 'elu', 'smooth-elu', 'swish'] as const;
const normalizations = ['none', 'batch', 'layer', 'instance'] as const;

const mlp = (given: Partial<CatalogNetworkConfig<'mlp'>>): CatalogNetworkConfig => ({
  network: 'mlp',
  depth: 2,
  width: 5,
  normalization: 'none',
  activation: 'tanh',
  initializer: 'he',
  ...given,
});
const dcgan = (given: Partial<CatalogNetworkConfig<'dcgan'>>): CatalogNetworkConfig => ({
  network: 'dcgan',
  filters: 2,
  normalization: 'none',
  kernel: 4,
  activation: 'tanh',
  slope: 0.2,
  initializer: 'he',
  ...given,
});
const constantDcgan = (given: Partial<CatalogNetworkConfig<'dcgan-constant'>>): CatalogNetworkConfig => ({
  network: 'dcgan-constant',
  filters: 3,
  kernel: 4,
  activation: 'tanh',
  slope: 0.2,
  initializer: 'he',
  ...given,
});
const resnet = (given: Partial<CatalogNetworkConfig<'resnet'>>): CatalogNetworkConfig => ({
  network: 'resnet',
  filters: 2,
  normalization: 'none',
  activation: 'tanh',
  slope: 0.2,
  initializer: 'he',
  ...given,
});

const on = (role: Role, shape: readonly number[], latent = LATENT): NetworkSpec =>
  role === 'generator'
    ? { role, input: [latent], output: shape, seed: 3 }
    : { role, input: shape, output: [1], seed: 3 };

/** For both roles, on images of one size. */
const both = (name: string, network: CatalogNetworkConfig, shape: readonly number[]): [string, Case][] =>
  (['generator', 'critic'] as const).map((role) => [`${name}, ${role}`, { network, ends: on(role, shape) }]);

const cases: Readonly<Record<string, Case>> = Object.fromEntries([
  ...activations.flatMap((activation) => both(`mlp, ${activation}`, mlp({ activation }), [2])),
  ...(['batch', 'layer'] as const).flatMap((normalization) =>
    both(`mlp, ${normalization}`, mlp({ normalization }), [2]),
  ),
  ...both('mlp on images', mlp({ width: 4 }), [3, 3, 2]),
  ...normalizations.flatMap((normalization) => both(`dcgan, ${normalization}`, dcgan({ normalization }), [16, 16, 2])),
  ...both(
    'dcgan of 28 pixels, kernel 5, leaky-relu',
    dcgan({ kernel: 5, activation: 'leaky-relu', slope: 0.1 }),
    [28, 28, 1],
  ),
  ...both('dcgan of constant filters', constantDcgan({}), [16, 16, 1]),
  ...normalizations.flatMap((normalization) =>
    both(`resnet, ${normalization}`, resnet({ normalization }), [16, 16, 2]),
  ),
  ...both('resnet of 28 pixels, relu', resnet({ activation: 'relu', normalization: 'layer' }), [28, 28, 1]),
  ...both('resnet of 32 pixels, leaky-relu', resnet({ activation: 'leaky-relu', slope: 0.1 }), [32, 32, 3]),
  ...both('linear', { network: 'linear', mean: 0.5, deviation: 2 }, [2]),
  ['shift', { network: { network: 'shift', theta: 0.5 }, ends: on('generator', [2], 1) }],
]);

describe('the output of a network equals the reference', () => {
  it.each(Object.keys(cases))('%s, in float64', (name) => {
    const { network, ends } = cases[name];
    const x = inputOf(ends);
    const ours = inFloat64(() => {
      const built = drawn(network, ends);
      return [...(built.apply(tf.tensor(x, [BATCH, ...ends.input]), true).dataSync() as unknown as Float64Array)];
    });
    expect(distance(ours, referenceOf(network, ends).D(constant(x, [BATCH, ...ends.input])).data)).toBeLessThan(1e-12);
  });
});

const critics = Object.keys(cases).filter((name) => cases[name].ends.role === 'critic');
// Training with it makes no sense, but the gradient of a penalty through batch norm must still be right.
describe('the gradient of a penalty through a critic equals the reference', () => {
  it.each(critics)('%s, in float64', (name) => {
    const { network, ends } = cases[name];
    const ours = inFloat64(() => {
      const built = drawn(network, ends);
      const g = penaltyGradients(built, tf.tensor(inputOf(ends), [BATCH, ...ends.input]));
      return g.flatMap((g) => [...(g.dataSync() as unknown as Float64Array)]);
    });
    expect(distance(ours, referencePenalty(network, ends))).toBeLessThan(1e-9);
  });

  const smooth = critics.filter((name) => /resnet, (none|layer|instance)|dcgan, layer|mlp, layer/.test(name));
  it.each(smooth)('%s, against central differences', (name) => {
    const { network, ends } = cases[name];
    inFloat64(() => {
      const built = drawn(network, ends);
      const x = tf.tensor(inputOf(ends), [BATCH, ...ends.input]);
      const weights = inReferenceOrder(built.parameters);
      const start = weights.map((w) => w.clone());
      const exact = penaltyGradients(built, x);
      for (let k = 0; k < 2; k++) {
        const direction = weights.map((w, i) => tf.tensor(wave(w.size, 30 + 7 * k + i), w.shape));
        const at = (h: number): number => {
          weights.forEach((w, i) => w.assign(tf.add(start[i], tf.mul(direction[i], h))));
          return penalty(built, x).dataSync()[0];
        };
        const slope = exact.reduce((sum, g, i) => sum + tf.sum(tf.mul(g, direction[i])).dataSync()[0], 0);
        const h = 1e-5;
        const numeric = (at(h) - at(-h)) / (2 * h);
        expect(Math.abs(slope - numeric)).toBeLessThan(1e-5 * Math.max(0.1, Math.abs(numeric)));
        expect(Math.abs(slope)).toBeGreaterThan(1e-4);
      }
    });
  });

  it.each(critics)('%s, on the ONNX engine', async (name) => {
    const { network, ends } = cases[name];
    const engine = openOnnxEngine({ threads: 1 });
    const built = drawn(network, ends);
    const state = engine.state({ ...built.parameters, ...built.buffers });
    const step = await engine.compile({
      name: 'penalty',
      state,
      inputs: { x: [BATCH, ...ends.input] },
      compute: ({ x }) => Object.fromEntries(penaltyGradients(built, x).map((g, i) => [`g${i}`, g])),
    });
    const results = await step.run({ x: Float32Array.from(inputOf(ends)) });
    const ours = Object.values(results).flatMap((g) => [...g]);
    await step.dispose();
    state.dispose();
    expect(distance(ours, referencePenalty(network, ends))).toBeLessThan(1e-4);
  });
});

/** Element i is sin(phase + 1.7 i). */
const wave = (size: number, phase: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.sin(phase + 1.7 * i));

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const inputOf = ({ input }: NetworkSpec): number[] => wave(BATCH * sizeOf(input), 5);

/** Weights that are never 0 or 1, which would hide errors. */
const weightsOf = (network: CatalogNetworkConfig, ends: NetworkSpec) =>
  weightShapes(architectureOf(network, ends)).map(({ name, shape }, k) => {
    const scale = name.endsWith('kernel') ? 1.5 / Math.sqrt(sizeOf(shape) / shape[shape.length - 1]) : 0.5;
    return { shape, data: wave(sizeOf(shape), 0.3 * k).map((v) => scale * v + (name.endsWith('gamma') ? 1 : 0)) };
  });

function drawn(network: CatalogNetworkConfig, ends: NetworkSpec): Network {
  const built = networkOf(buildNetwork(network, ends));
  const values = weightsOf(network, ends);
  const parameters = inReferenceOrder(built.parameters);
  expect(parameters.map(({ shape }) => shape)).toEqual(values.map(({ shape }) => shape));
  parameters.forEach((w, i) => w.assign(tf.tensor(values[i].data, w.shape)));
  return built;
}

/** E(‖∇D(x)‖ − 1)² as TensorFlow.js differentiates it. */
function penalty(critic: Network, x: tf.Tensor): tf.Scalar {
  const gradient = tf.grad((x) => tf.sum(critic.apply(x, true)))(x);
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(tf.reshape(gradient, [BATCH, -1])), 1), 1e-12));
  return tf.mean(tf.square(tf.sub(norms, 1)));
}

function penaltyGradients(critic: Network, x: tf.Tensor): tf.Tensor[] {
  const weights = inReferenceOrder(critic.parameters);
  const { grads } = tf.variableGrads(() => penalty(critic, x), weights);
  return weights.map((w) => grads[w.name] ?? tf.zerosLike(w));
}

function referenceOf(network: CatalogNetworkConfig, ends: NetworkSpec) {
  const weights = weightsOf(network, ends).map(({ shape, data }) => constant(data, shape));
  return { weights, D: (x: Value): Value => apply(architectureOf(network, ends), weights, x) };
}

function referencePenalty(network: CatalogNetworkConfig, ends: NetworkSpec): number[] {
  const { weights, D } = referenceOf(network, ends);
  const x = constant(inputOf(ends), [BATCH, ...ends.input]);
  const [slope] = gradients(sum(D(x)), [x]);
  const axes = ends.input.map((_, axis) => axis + 1);
  const loss = mean(square(sub(sqrt(add(sum(square(slope), axes), 1e-12)), 1))); // E(‖∇D(x)‖ − 1)²
  return gradients(loss, weights).flatMap(({ data }) => [...data]);
}

/** The largest difference, relative to the largest value. */
function distance(ours: readonly number[], theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  const scale = Math.max(...Array.from(theirs, Math.abs));
  expect(scale).toBeGreaterThan(1e-3);
  return Math.max(...ours.map((v, i) => Math.abs(v - theirs[i]))) / scale;
}
