// The oracle's networks: shapes of the weights for input and output sizes, and mismatched weights.
import { expect, test } from 'vitest';
import {
  apply,
  constant,
  referenceState,
  sizeOf,
  weightShapes,
  type Architecture,
  type Mlp,
  type ReferenceSystem,
  type Shape,
} from '../../reference';

const dcgan = { kind: 'dcgan', channels: 3, latent: 3, kernel: 4, activation: 'relu' } as const;
const mlp = (input: Shape, output: Shape, activation: Mlp['activation']): Mlp => {
  return { kind: 'mlp', input, output, depth: 2, width: 5, activation };
};
const wave = (size: number, phase: number) => Float64Array.from({ length: size }, (_, i) => Math.sin(phase + 1.7 * i));

test('dcgan weights: filters halve toward the image, and layers before batch norm have no bias', () => {
  const generator: Architecture = {
    ...dcgan,
    role: 'generator',
    normalization: 'batch',
    size: 28,
    filters: 8,
    kernel: 5,
  };
  expect(weightShapes(generator).map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    '0.kernel 3,784',
    '1.gamma 16',
    '1.beta 16',
    '2.kernel 5,5,8,16',
    '3.gamma 8',
    '3.beta 8',
    '4.kernel 5,5,3,8',
    '4.bias 3',
  ]);
  const critic: Architecture = { ...dcgan, role: 'critic', normalization: 'none', size: 32, filters: 64 };
  expect(weightShapes(critic).map(({ shape }) => shape.join())).toEqual([
    '4,4,3,64',
    '64',
    '4,4,64,128',
    '128',
    '4,4,128,256',
    '256',
    '4096,1',
    '1',
  ]);
});

test('an mlp on images flattens its input, or reshapes its output after the output activation', () => {
  const critic = mlp([2, 2, 1], [1], 'relu');
  expect(weightShapes(critic)[0]).toEqual({ name: '0.kernel', shape: [4, 5] });
  const made: Mlp = { ...mlp([3], [2, 2, 1], 'relu'), depth: 1, width: 2, outputActivation: 'tanh' };
  const weights = weightShapes(made).map(({ shape }, k) => constant(wave(sizeOf(shape), k), shape));
  const y = apply(made, weights, constant([1, -1, 0.5], [1, 3]));
  expect(y.shape).toEqual([1, 2, 2, 1]);
  const dense = (x: number[], w: Float64Array, b: Float64Array) =>
    [...b].map((v, j) => x.reduce((sum, u, i) => sum + u * w[i * b.length + j], v));
  const [w1, b1, w2, b2] = weights.map(({ data }) => data);
  const hidden = dense([1, -1, 0.5], w1, b1).map((v) => Math.max(v, 0));
  dense(hidden, w2, b2).forEach((v, i) => expect(y.data[i]).toBeCloseTo(Math.tanh(v), 14));
});

test('mismatched weights are named in the error', () => {
  const sgd = { kind: 'sgd', learningRate: 0.01, momentum: 0 } as const;
  const system: ReferenceSystem = {
    generator: mlp([3], [2], 'tanh'),
    critic: mlp([2], [1], 'tanh'),
    objective: { kind: 'wgan' },
    constraint: [],
    optimizer: { generator: sgd, critic: sgd },
  };
  const wrong = weightShapes(system.generator).map(({ shape }) => ({ shape, data: wave(sizeOf(shape), 0) }));
  expect(() => referenceState(system, { generator: wrong, critic: wrong })).toThrow(
    'critic.0.kernel is [2,5], not [3,5]',
  );
});
