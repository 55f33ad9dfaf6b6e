// Spectral normalization: the singular value in closed form, the bound on the gradient norm of a critic, temporarily
// replaced weights, and exported weights.
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { openOnnxEngine } from '../engine/onnx/engine';
import { spectralNorm } from './spectralNorm';
import { kernels, kernelValues, readFixtures } from '../../test/support/pytorchFixtures';
import { networkOf, type Network, type Weights } from './network';
import { modelFiles } from '../trainer/checkpointContent';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

const dense = (kernel: number[][], bias: number[]): Network => {
  const layer = layers.layers.dense({ units: kernel[0].length, inputShape: [kernel.length] });
  const model = layers.sequential({ layers: [layer] });
  layer.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias)]);
  return networkOf(model);
};
const normalized = (critic: Network, iterations: number) =>
  spectralNorm({ kind: 'spectral-norm', iterations }, { critic, seed: 1 });

describe('the spectral norm', () => {
  // W = diag(3, 2) rotated on both sides: its largest singular value is 3.
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const W = [
    [3 * c * c + 2 * s * s, (3 - 2) * c * s],
    [(3 - 2) * c * s, 3 * s * s + 2 * c * c],
  ];

  test('is found by enough power iterations; W divided by it has norm 1', () => {
    const critic = dense(W, [5, 6]);
    const weights = normalized(critic, 60).prepare(false)();
    const names = Object.keys(weights);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/kernel$/);
    const divided = weights[names[0]].dataSync();
    W.flat().forEach((w, i) => expect(divided[i]).toBeCloseTo(w / 3, 5));
  });

  test('converges over updates because the vector is kept; evaluation does not change the vector', () => {
    const norm = normalized(dense(W, [0, 0]), 1);
    const sigma = (advance: boolean) => W[0][0] / Object.values(norm.prepare(advance)())[0].dataSync()[0];
    expect(sigma(false)).toBe(sigma(false));
    const errors = Array.from({ length: 25 }, () => Math.abs(3 - sigma(true)));
    expect(errors[24]).toBeLessThan(1e-5);
    expect(errors[24]).toBeLessThanOrEqual(errors[0]);
  });

  test('leaves a kernel of zeros unchanged, with gradients that are not divided by zero', () => {
    const zeros = dense([[0, 0]], [0, 0]);
    const weights = normalized(zeros, 1).prepare(true);
    expect([...Object.values(weights())[0]!.dataSync()]).toEqual([0, 0]);
    const [name, w] = Object.entries(zeros.parameters)[0]!;
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(weights()[name]!, [[2, -3]])), [w]);
    expect([...grads[w.name]!.dataSync()]).toEqual([2, -3]);
  });
});

/** A model of one layer whose only kernel has these values. */
function modelOf(layer: layers.layers.Layer, input: number[], shape: readonly number[]): Network {
  const model = layers.sequential({ layers: [layers.layers.inputLayer({ inputShape: input }), layer] });
  const kernel = tf.tensor(kernelValues(shape), [...shape]);
  model.setWeights(model.weights.map((w) => (w.shape.length === shape.length ? kernel : w.read())));
  return networkOf(model);
}

describe('the kernel of each kind of layer is divided by the same number as in PyTorch', () => {
  const { sigmas } = readFixtures();
  const size = (shape: readonly number[], axes: number) => shape.slice(0, axes) as [number, number];
  const layer: Readonly<Record<string, (shape: readonly number[]) => Network>> = {
    Dense: (shape) => modelOf(layers.layers.dense({ units: shape[1]! }), [shape[0]!], shape),
    Conv1D: (shape) =>
      modelOf(layers.layers.conv1d({ filters: shape[2]!, kernelSize: shape[0]! }), [8, shape[1]!], shape),
    Conv2D: (shape) =>
      modelOf(layers.layers.conv2d({ filters: shape[3]!, kernelSize: size(shape, 2) }), [8, 8, shape[2]!], shape),
    Conv3D: (shape) => {
      const kernelSize = shape.slice(0, 3) as [number, number, number];
      return modelOf(layers.layers.conv3d({ filters: shape[4]!, kernelSize }), [4, 4, 4, shape[3]!], shape);
    },
    Conv2DTranspose: (shape) => {
      const conv = layers.layers.conv2dTranspose({ filters: shape[2]!, kernelSize: size(shape, 2), strides: 2 });
      return modelOf(conv, [8, 8, shape[3]!], shape);
    },
    Conv3DTranspose: (shape) => {
      const kernelSize = shape.slice(0, 3) as [number, number, number];
      return modelOf(layers.layers.conv3dTranspose({ filters: shape[3]!, kernelSize }), [4, 4, 4, shape[4]!], shape);
    },
    DepthwiseConv2D: (shape) => {
      const conv = layers.layers.depthwiseConv2d({ kernelSize: size(shape, 2), depthMultiplier: shape[3]! });
      return modelOf(conv, [8, 8, shape[2]!], shape);
    },
    Embedding: (shape) => modelOf(layers.layers.embedding({ inputDim: shape[0]!, outputDim: shape[1]! }), [4], shape),
  };

  test.each(Object.entries(kernels))('%s', (name, { layer: kind, shape }) => {
    const weights = Object.values(normalized(layer[kind]!(shape), 300).prepare(false)());
    expect(weights).toHaveLength(1);
    const divided = weights[0]!.dataSync();
    kernelValues(shape).forEach((w, i) => expect(divided[i]).toBeCloseTo(w / sigmas[name]!, 5));
  });

  test('a separable convolution has two: the depthwise one, and the pointwise one', () => {
    const model = layers.sequential({
      layers: [
        layers.layers.separableConv2d({ filters: 5, kernelSize: [3, 2], depthMultiplier: 2, inputShape: [8, 8, 3] }),
      ],
    });
    const depthwise = kernels['depthwise convolution']!.shape;
    const pointwise = [1, 1, 6, 5];
    model.setWeights([
      tf.tensor(kernelValues(depthwise), [...depthwise]),
      tf.tensor(kernelValues(pointwise), pointwise),
      tf.zeros([5]),
    ]);
    const [first, second] = Object.values(normalized(networkOf(model), 300).prepare(false)());
    kernelValues(depthwise).forEach((w, i) =>
      expect(first!.dataSync()[i]).toBeCloseTo(w / sigmas['depthwise convolution']!, 5),
    );
    expect(largestSingularValue(tf.reshape(second!, [6, 5]))).toBeCloseTo(1, 5);
  });
});

test('slopes of PReLU, gains and offsets of normalizations, of any rank, are left alone, also in nested models', () => {
  const inner = layers.sequential({
    layers: [
      layers.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 2] }),
      layers.layers.prelu({ alphaInitializer: layers.initializers.constant({ value: 0.25 }) }),
      layers.layers.layerNormalization({ axis: [1, 2, 3] }),
    ],
  });
  const model = layers.sequential({
    layers: [
      inner,
      layers.layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 1 }),
    ],
  });
  const critic = networkOf(model);
  const ranks = Object.fromEntries(
    Object.entries(critic.parameters).map(([name, w]) => [name.split('.').at(-1), w.rank]),
  );
  expect(ranks).toMatchObject({ alpha: 3, gamma: 3, beta: 3 });
  const names = Object.keys(normalized(critic, 1).prepare(true)());
  expect(names.map((name) => name.split('.').at(-1))).toEqual(['kernel', 'kernel', 'kernel']);
});

/** By the trace of a high power of WᵀW, which needs no vectors. */
function largestSingularValue(W: tf.Tensor2D): number {
  let gram = tf.matMul(W, W, true, false);
  let logarithm = 0;
  for (let i = 1; i <= 20; i++) {
    const trace = tf.sum(tf.abs(gram)).dataSync()[0]!;
    logarithm += Math.log(trace) / 2 ** (i - 1);
    gram = tf.div(gram, trace);
    gram = tf.matMul(gram, gram);
  }
  return Math.exp(logarithm / 2);
}

describe('the gradient norm of a spectrally normalized critic', () => {
  const norms = (critic: Network, weights: Weights, x: tf.Tensor) => {
    const gradient = tf.grad((x) => tf.sum(critic.apply(x, false, weights)))(x);
    return tf.sqrt(tf.sum(tf.square(gradient), x.shape.map((_, axis) => axis).slice(1))).dataSync();
  };
  const hidden = { activation: 'relu', kernelInitializer: 'heNormal' } as const;

  test('is at most 1 with dense layers and 1-Lipschitz activations', () => {
    const model = layers.sequential({
      layers: [
        layers.layers.dense({ units: 16, inputShape: [6], ...hidden }),
        layers.layers.dense({ units: 16, ...hidden }),
        layers.layers.dense({ units: 1, kernelInitializer: 'heNormal' }),
      ],
    });
    const critic = networkOf(model);
    const weights = normalized(critic, 100).prepare(false)();
    for (const W of Object.values(weights)) expect(largestSingularValue(W as tf.Tensor2D)).toBeCloseTo(1, 3);
    const found = norms(critic, weights, tf.randomNormal([512, 6], 0, 3, 'float32', 3));
    expect(Math.max(...found)).toBeLessThan(1.0001);
    expect(Math.max(...found)).toBeGreaterThan(0.1);
  });

  test('is at most √(kh·kw) through a convolution, and comes near it where all patches overlap', () => {
    const conv = layers.layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [9, 9, 1], padding: 'same' });
    const model = layers.sequential({ layers: [conv, layers.layers.flatten(), layers.layers.dense({ units: 1 })] });
    model.setWeights([tf.ones([3, 3, 1, 1]), tf.zeros([1]), tf.ones([81, 1]), tf.zeros([1])]);
    const critic = networkOf(model);
    // D(x) is the sum over the pixels of the sum over 3 × 3 patches, divided by 3 and by 9: ∇D is 1/3 inside.
    const [norm] = norms(critic, normalized(critic, 100).prepare(false)(), tf.zeros([1, 9, 9, 1]));
    expect(norm).toBeLessThan(3);
    expect(norm).toBeGreaterThan(2.6);
  });
});

test('an exported critic has the normalized weights; the trained critic keeps its own', async () => {
  const critic = dense(
    [
      [3, 0],
      [0, 2],
    ],
    [1, 1],
  );
  const criticWeights = () => normalized(critic, 60).prepare(false)();
  const files = await modelFiles({ networks: { generator: critic, critic, average: null }, criticWeights });
  const numbers = (name: string) => [...new Float32Array(files[`${name}/weights.bin`].slice().buffer)];
  const expected = [1, 0, 0, 2 / 3, 1, 1];
  numbers('critic').forEach((w, i) => expect(w).toBeCloseTo(expected[i], 5));
  expect(numbers('generator')).toEqual([3, 0, 0, 2, 1, 1]);
  expect([...Object.values(critic.parameters)[0].dataSync()]).toEqual([3, 0, 0, 2]);
});

describe('replaced weights', () => {
  const x = () => tf.tensor2d([[1, 2]]);

  test('are used during a call, and gradients flow through them', () => {
    const critic = dense([[1], [1]], [0.5]);
    const [kernel] = Object.keys(critic.parameters);
    expect(critic.apply(x(), false, { [kernel]: tf.tensor2d([[10], [100]]) }).dataSync()[0]).toBe(210.5);
    expect(critic.apply(x(), false).dataSync()[0]).toBe(3.5);
    const w = critic.parameters[kernel];
    const { grads } = tf.variableGrads(() => tf.sum(critic.apply(x(), true, { [kernel]: tf.mul(w, 3) })), [w]);
    expect([...grads[w.name].dataSync()]).toEqual([3, 6]);
  });

  test('are restored if the call throws', () => {
    const critic = dense([[1], [1]], [0.5]);
    const [kernel] = Object.keys(critic.parameters);
    expect(() => critic.apply(tf.tensor2d([[1, 2, 3]]), false, { [kernel]: tf.tensor2d([[1], [1]]) })).toThrow();
    expect(critic.apply(x(), false).dataSync()[0]).toBe(3.5);
  });
});
