// Spectral normalization: the singular value in closed form, the bound on the gradient norm of a critic, temporarily
// replaced weights, and exported weights.
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { openOnnxEngine } from '../engine/onnx/engine';
import { spectralNorm } from './spectralNorm';
import { networkOf, type Network } from './network';
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

  test('leaves a kernel of zeros unchanged', () => {
    const zeros = dense([[0, 0]], [0, 0]);
    const weights = Object.values(normalized(zeros, 1).prepare(true)());
    expect([...weights[0].dataSync()].every((w) => w === 0)).toBe(true);
  });
});

test('a spectrally normalized critic of several layers has a bounded gradient norm', () => {
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        inputShape: [5, 5, 2],
        activation: 'relu',
        kernelInitializer: 'heNormal',
      }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 8, activation: 'relu', kernelInitializer: 'heNormal' }),
      layers.layers.dense({ units: 1, kernelInitializer: 'heNormal' }),
    ],
  });
  const critic = networkOf(model);
  const weights = normalized(critic, 100).prepare(false)();
  expect(Object.keys(weights)).toHaveLength(3);
  // The convolution as a matrix [3·3·2, 3] has norm 1; as an operator up to 9 patches overlap.
  for (const [name, W] of Object.entries(weights)) {
    const columns = W.shape[W.rank - 1];
    const gram = tf.matMul(tf.reshape(W, [-1, columns]), tf.reshape(W, [-1, columns]), true, false).dataSync();
    const trace = Array.from({ length: columns }, (_, i) => gram[i * columns + i]).reduce((a, b) => a + b);
    expect(trace, name).toBeGreaterThan(0.999);
    // ‖W‖ ≤ 1 implies that every column of W has norm at most 1.
    for (let i = 0; i < columns; i++) expect(gram[i * columns + i], name).toBeLessThan(1.001);
  }
  const x = tf.randomUniform([16, 5, 5, 2], -1, 1, 'float32', 3);
  const gradientNorm = tf.sqrt(
    tf.sum(tf.square(tf.grad((x) => tf.sum(critic.apply(x, false, weights)))(x)), [1, 2, 3]),
  );
  expect(Math.max(...gradientNorm.dataSync())).toBeLessThan(3 * 1.001);
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
