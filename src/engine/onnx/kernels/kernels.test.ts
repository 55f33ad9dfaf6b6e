// Every category of kernels compared with TensorFlow.js' CPU backend, on ordinary and on special values.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { BACKEND } from '../graphBackend';
import { openOnnxEngine } from '../engine';
import { fillNormal } from '../../../math/random';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

const normal = (shape: number[], step = 0): tf.Tensor => {
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(out, { seed: 3, stream: 'kernels', step });
  return tf.tensor(out, shape);
};
const x = (): tf.Tensor => normal([2, 3, 4]);
const special = (): tf.Tensor => tf.tensor1d([0, -0, 1, -1, 1e-30, -1e-30, 1e30, NaN, Infinity, -Infinity, 0.5, -2.5]);
const positive = (): tf.Tensor => tf.add(tf.abs(x()), 0.1);
const bools = (): tf.Tensor => tf.greater(x(), 0);
const ints = (): tf.Tensor => tf.tensor([3, -7, 0, 2, 9, -4], [2, 3], 'int32');
const image = (): tf.Tensor4D => normal([2, 6, 7, 5]) as tf.Tensor4D;
const filter = (h: number, w: number, i: number, o: number): tf.Tensor4D => normal([h, w, i, o], 1) as tf.Tensor4D;

const unary = [
  'abs',
  'ceil',
  'cos',
  'elu',
  'erf',
  'exp',
  'expm1',
  'floor',
  'isFinite',
  'isInf',
  'isNaN',
  'neg',
  'relu',
  'relu6',
  'round',
  'selu',
  'sigmoid',
  'sign',
  'sin',
  'softplus',
  'square',
  'step',
  'tanh',
] as const;
const ofPositive = ['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal'] as const;
const binary = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'squaredDifference',
  'mod',
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
  'equal',
  'notEqual',
] as const;
const reductions = ['sum', 'mean', 'max', 'min', 'prod', 'argMax', 'argMin'] as const;

const cases: Readonly<Record<string, () => tf.Tensor | tf.Tensor[]>> = {
  ...Object.fromEntries(unary.map((op) => [op, () => tf[op](x())])),
  // The functions of every training step, and those whose edges ONNX Runtime rounds differently are compared on x
  // alone.
  ...Object.fromEntries(
    (['abs', 'neg', 'relu', 'sigmoid', 'sign', 'step', 'square', 'tanh', 'isNaN', 'isInf', 'isFinite'] as const).map(
      (op) => [`${op} of special values`, () => tf[op](special())],
    ),
  ),
  ...Object.fromEntries(ofPositive.map((op) => [op, () => tf[op](positive())])),
  ...Object.fromEntries(binary.map((op) => [op, () => tf[op](x(), normal([3, 1], 1))])),
  ...Object.fromEntries(reductions.map((op) => [op, () => tf[op](x(), 1)])),
  ...Object.fromEntries(
    (['sum', 'mean', 'max', 'min'] as const).map((op) => [`${op} of everything`, () => tf[op](x())]),
  ),
  'leakyRelu of special values': () => tf.leakyRelu(special(), 0.2),
  'step with a slope, of special values': () => tf.step(special(), 0.2),
  'max with NaN': () => tf.max(tf.tensor2d([1, NaN, 3, 4], [2, 2]), 1),
  pow: () => tf.pow(positive(), tf.scalar(1.7)),
  clipByValue: () => tf.clipByValue(x(), -0.5, 0.5),
  prelu: () => tf.prelu(x(), normal([4], 1)),
  integers: () => [
    tf.add(ints(), 1),
    tf.mul(ints(), ints()),
    tf.floorDiv(ints(), 2),
    tf.cast(ints(), 'bool'),
    tf.sum(ints(), 0),
  ],
  bools: () => [
    tf.logicalAnd(bools(), tf.less(x(), 1)),
    tf.logicalNot(bools()),
    tf.all(bools(), 2),
    tf.any(bools(), 2),
    tf.cast(bools(), 'float32'),
  ],
  casts: () => [tf.cast(tf.tensor1d([1.7, -1.7, 0]), 'int32'), tf.cast(tf.tensor1d([0, 2, -1]), 'bool')],
  where: () => tf.where(bools(), x(), tf.zerosLike(x())),
  softmax: () => [tf.softmax(x()), tf.logSoftmax(x())],
  cumsum: () => [tf.cumsum(x(), 1), tf.cumsum(x(), 1, true, true)],
  matMul: () => [
    tf.matMul(normal([3, 4]), normal([4, 2], 1)),
    tf.matMul(normal([4, 3]), normal([2, 4], 1), true, true),
  ],
  'matMul of batches': () => [tf.matMul(x(), normal([2, 4, 5], 1)), tf.matMul(x(), normal([1, 5, 4], 1), false, true)],
  'fused matMul': () =>
    tf.fused.matMul({
      a: normal([3, 4]) as tf.Tensor2D,
      b: normal([4, 2], 1) as tf.Tensor2D,
      bias: normal([2], 2),
      activation: 'relu',
    }),
  'transpose, reshape, expandDims': () => [
    tf.transpose(x(), [2, 0, 1]),
    tf.reshape(x(), [4, -1]),
    tf.expandDims(x(), 1),
    tf.squeeze(tf.expandDims(x(), 1)),
  ],
  'tile, concat, stack, unstack, split': () => [
    tf.tile(x(), [1, 2, 1]),
    tf.concat([x(), x()], 2),
    tf.stack([x(), x()], 1),
    ...tf.unstack(x(), 1),
    ...tf.split(x(), [1, 2], 1),
  ],
  slices: () => [
    tf.slice(x(), [0, 1, 1], [2, 2, -1]),
    tf.stridedSlice(x(), [0, 2, 3], [2, -4, 0], [1, -1, -2]),
    tf.reverse(x(), [0, 2]),
  ],
  pad: () =>
    tf.pad(
      x(),
      [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
      0.5,
    ),
  'gather, oneHot': () => [
    tf.gather(x(), tf.tensor1d([2, 0, 2], 'int32'), 1),
    tf.oneHot(tf.tensor1d([1, 0, 3], 'int32'), 4),
  ],
  depthToSpace: () => tf.depthToSpace(normal([1, 2, 3, 8]) as tf.Tensor4D, 2),
  'made of nothing': () => [
    tf.zeros([2, 2]),
    tf.ones([3]),
    tf.fill([2], 7),
    tf.range(1, 9, 3),
    tf.linspace(0, 1, 5),
    tf.onesLike(x()),
    tf.zerosLike(ints()),
  ],
  batchNorm: () => tf.batchNorm(x(), normal([4], 1), tf.abs(normal([4], 2)), normal([4], 3), normal([4], 4), 1e-3),
  ...Object.fromEntries(
    (
      [
        [1, 'same'],
        [2, 'same'],
        [2, 'valid'],
        [3, 'valid'],
        [[2, 1], 'same'],
      ] as const
    ).flatMap(([strides, pad]) =>
      [3, 4].map((k) => [
        `conv2d ${k}, strides ${strides}, ${pad}, and its gradients`,
        () => {
          const s = strides as number;
          const f = (a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor => tf.conv2d(a, b, s, pad);
          const y = f(image(), filter(k, k, 5, 4));
          return [
            y,
            ...tf.grads((a, b) => f(a as tf.Tensor4D, b as tf.Tensor4D))(
              [image(), filter(k, k, 5, 4)],
              normal(y.shape, 5),
            ),
          ];
        },
      ]),
    ),
  ),
  'dilated conv2d': () => tf.conv2d(image(), filter(3, 3, 5, 4), 1, 'same', 'NHWC', 2),
  'conv2d on few channels, and its gradients': () => {
    const [a, b] = [normal([2, 8, 8, 1]) as tf.Tensor4D, filter(4, 4, 1, 6)];
    return tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same'))([a, b]);
  },
  conv2dTranspose: () => tf.conv2dTranspose(image(), filter(4, 4, 3, 5), [2, 12, 14, 3], 2, 'same'),
};

describe('kernels', () => {
  it.each(Object.keys(cases))('%s', async (name) => {
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      return [cases[name]()].flat().map((t) => ({ shape: t.shape, dtype: t.dtype, values: [...t.dataSync()] }));
    };
    const expected = await run('cpu');
    const found = await run(BACKEND);
    expect(found.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      expected.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    found.forEach(({ values }, i) => {
      const scale = Math.max(1, ...expected[i].values.filter(Number.isFinite).map(Math.abs));
      values.forEach((v, k) => {
        const e = expected[i].values[k];
        const equal = Object.is(v, e) || v === e || Math.abs(v - e) <= 2e-5 * Math.min(scale, Math.max(1, Math.abs(e)));
        expect(equal, `[${k}] is ${v}, not ${e}`).toBe(true);
      });
    });
  });

  it('rejects unsupported kernels by name', () => {
    const image = tf.zeros<tf.Rank.R4>([1, 4, 4, 1]);
    expect(() => tf.image.cropAndResize(image, [[0, 0, 1, 1]], [0], [2, 2])).toThrow(
      'CropAndResize is not supported: it belongs to image preprocessing',
    );
    expect(() => tf.complex([1], [2])).toThrow('Complex is not supported: complex numbers are not supported');
  });
});
