// Kernels where ONNX Runtime and TensorFlow.js differ: special values, integers, empty tensors, long sums, window
// edges.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { BACKEND } from '../graphBackend';
import { openOnnxEngine } from '../engine';
import { fillNormal } from '../../../math/random';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

const normal = (shape: number[], step = 0): tf.Tensor4D => {
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(out, { seed: 5, stream: 'special', step });
  return tf.tensor(out, shape) as unknown as tf.Tensor4D;
};
const odd = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 1e30, -17];
const whole = [0, 1, -1, 2, -2, 7, -7, 2147483647, -2147483648, 16777217];
const pairs = (values: number[], dtype: 'float32' | 'int32'): [tf.Tensor, tf.Tensor] => [
  tf.tensor1d(
    values.flatMap((a) => values.map(() => a)),
    dtype,
  ),
  tf.tensor1d(
    values.flatMap(() => values),
    dtype,
  ),
];
const rows = (): tf.Tensor =>
  tf.tensor2d([
    [1, NaN, 3],
    [Infinity, -Infinity, 0],
    [5, 5, 1],
    [-0, 0, -0],
  ]);
const withGradient = (f: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D): tf.Tensor[] => {
  const y = f(x);
  return [y, tf.grad((x) => f(x as tf.Tensor4D))(x, normal(y.shape, 9))];
};

/** Calls a function of TensorFlow.js by its name. */
const call = (name: keyof typeof tf, ...args: unknown[]): tf.Tensor =>
  (tf[name] as (...a: unknown[]) => tf.Tensor)(...args);

const float = [
  'atan2',
  'div',
  'maximum',
  'minimum',
  'floorDiv',
  'divNoNan',
  'greater',
  'lessEqual',
  'notEqual',
] as const;
const integer = ['add', 'sub', 'maximum', 'floorDiv', 'mod', 'greater', 'equal', 'bitwiseAnd', 'atan2'] as const;
const unary = ['abs', 'relu', 'round', 'sign', 'exp', 'log1p', 'expm1', 'reciprocal'] as const;

const cases: Readonly<Record<string, () => tf.Tensor | tf.Tensor[]>> = {
  ...Object.fromEntries(
    float.map((op) => [
      `${op} of special values`,
      () =>
        call(
          op,
          ...pairs(
            odd.filter((v) => op !== 'floorDiv' || Math.abs(v) !== 1e30),
            'float32',
          ),
        ),
    ]),
  ),
  ...Object.fromEntries(integer.map((op) => [`${op} of integers`, () => call(op, ...pairs(whole, 'int32'))])),
  ...Object.fromEntries(
    unary.map((op) => [`${op} of integers`, () => call(op, tf.tensor1d([0, 1, -1, 7, -7, 1000, 65536], 'int32'))]),
  ),
  ...Object.fromEntries(
    (['sum', 'mean', 'max', 'min', 'prod', 'cumsum', 'cumprod', 'logSumExp'] as const).map((op) => [
      `${op} with NaN and infinities`,
      () => [call(op, rows(), 0), call(op, rows(), 1)],
    ]),
  ),
  ...Object.fromEntries(
    (['sum', 'mean', 'prod', 'max', 'min'] as const).map((op) => [
      `${op} of nothing`,
      () => [call(op, tf.zeros([0, 3]), 0), call(op, tf.zeros([0, 3]), 1)],
    ]),
  ),
  'any of nothing, argMax, argMin along nothing': () => [
    call('any', tf.zeros([0, 3], 'bool'), 0),
    call('any', tf.tensor2d([1, 0, 0, 0], [2, 2], 'bool'), 1),
    call('argMax', tf.zeros([2, 0, 3]), 1),
    call('argMin', tf.zeros([2, 0, 3]), 1),
  ],
  'extrema of no integers': () => [
    call('max', tf.zeros([0, 3], 'int32'), 0),
    call('min', tf.zeros([0, 3], 'int32'), 0),
  ],
  linspace: () => [tf.linspace(3, 3, 1), tf.linspace(3, 4, 1), tf.linspace(-1, 2, 5)],
  bools: () =>
    (['sign', 'abs', 'relu', 'isNaN', 'exp', 'sum', 'mean', 'max'] as const).map((op) =>
      call(op, tf.tensor1d([1, 0, 1], 'bool')),
    ),
  'negative powers of integers': () =>
    tf.pow(tf.tensor1d([0, 1, -1, 2, -2, 3], 'int32'), tf.tensor1d([-1, -2, -3, -1, -2, 4], 'int32')),
  'casts of what is no number': () => tf.cast(tf.tensor1d([NaN, Infinity, -Infinity, 1.9, -1.9, 2 ** 30]), 'int32'),
  'a choice between bools': () =>
    tf.where(tf.tensor1d([1, 0], 'bool'), tf.tensor1d([1, 1], 'bool'), tf.tensor1d([0, 0], 'bool')),
  'empty tensors': () => [
    tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])),
    tf.concat([tf.zeros([0, 3]), tf.ones([2, 3])]),
    tf.pad(tf.zeros([0, 3]), [
      [1, 1],
      [0, 0],
    ]),
    tf.conv2d<tf.Tensor4D>(tf.zeros([1, 4, 4, 0]), tf.ones([2, 2, 0, 1]), 1, 'valid'),
  ],
  'long sums': () => [
    tf.sum(tf.fill([1 << 20], 0.1)),
    tf.mean(tf.fill([64, 32, 32, 8], 0.1), [0, 1, 2]),
    tf.sum(tf.fill([4, 1 << 16], 0.1), 1, true),
  ],
  indices: () => [
    tf.oneHot(tf.tensor1d([-1, 0, 5], 'int32'), 3),
    tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3]), tf.tensor1d([-1, 0, 7], 'int32'), 2),
    tf.gather(
      normal([2, 3, 4]),
      tf.tensor2d(
        [
          [2, 0],
          [1, 1],
        ],
        [2, 2],
        'int32',
      ),
      1,
      1,
    ),
  ],
  'gatherND, scatterND': () => [
    tf.gatherND(
      normal([2, 3, 4]),
      tf.tensor2d(
        [
          [1, 2],
          [0, 0],
        ],
        [2, 2],
        'int32',
      ),
    ),
    tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), normal([3, 2]), [4, 2]),
  ],
  'topk, searchSorted, bincount': () => {
    const { values, indices } = tf.topk(tf.tensor1d([1, 3, 3, 2, 3]), 2);
    return [
      values,
      indices,
      tf.searchSorted(tf.tensor1d([1, 2, 2, 5]), tf.tensor1d([2, 0, 6])),
      tf.bincount(tf.tensor1d([1, 1, 3], 'int32'), [], 3),
    ];
  },
  'einsum, localResponseNormalization': () => [
    tf.einsum('bij,bjk->bik', normal([2, 3, 4]) as tf.Tensor, normal([2, 4, 5], 1) as tf.Tensor),
    tf.localResponseNormalization<tf.Tensor4D>(normal([1, 2, 2, 7]), 2, 1.5, 0.3, 0.6),
  ],
  'mirror pads, blocks': () => [
    tf.mirrorPad(
      normal([3, 4]),
      [
        [2, 1],
        [0, 3],
      ],
      'reflect',
    ),
    tf.mirrorPad(
      normal([3, 4]),
      [
        [2, 1],
        [0, 3],
      ],
      'symmetric',
    ),
    tf.spaceToBatchND(
      normal([1, 4, 6, 2]),
      [2, 3],
      [
        [0, 0],
        [1, 2],
      ],
    ),
    tf.batchToSpaceND(
      normal([6, 2, 3, 2]),
      [2, 3],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  ],
  ...Object.fromEntries(
    (
      [
        [2, 2, 'valid'],
        [3, 2, 'same'],
        [3, 1, 'same'],
        [2, 3, 'valid'],
        [3, 2, 1],
      ] as const
    ).flatMap(([k, s, pad]) => [
      [
        `maxPool ${k}, stride ${s}, ${pad}, and its gradient`,
        () => withGradient((x) => tf.maxPool(x, k, s, pad), normal([2, 7, 6, 3])),
      ],
      [`avgPool ${k}, stride ${s}, ${pad}`, () => tf.avgPool(normal([2, 7, 6, 3]), k, s, pad)],
    ]),
  ),
  'avgPool and its gradient': () => withGradient((x) => tf.avgPool(x, 2, 2, 'valid'), normal([2, 6, 6, 3])),
  'pooling in three dimensions': () => [
    tf.maxPool3d(normal([1, 5, 4, 4, 2]) as unknown as tf.Tensor5D, 2, 2, 'same'),
    tf.avgPool3d(normal([1, 5, 4, 4, 2]) as unknown as tf.Tensor5D, 3, 2, 'same'),
  ],
  maxPoolWithArgmax: () => {
    const { result, indexes } = tf.maxPoolWithArgmax(normal([2, 5, 5, 3]), 3, 2, 'same', true);
    return [result, indexes];
  },
  ...Object.fromEntries(
    (['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((op) =>
      [
        [8, 6],
        [3, 7],
        [1, 1],
      ].flatMap((size) =>
        [
          [false, false],
          [true, false],
          [false, true],
        ].map(([align, half]) => [
          `${op} to ${size}, corners ${align}, half pixels ${half}`,
          () => tf.image[op](normal([2, 4, 3, 2]), size as [number, number], align, half),
        ]),
      ),
    ),
  ),
  ...Object.fromEntries(
    (
      [
        [1, 'same', 1],
        [2, 'same', 1],
        [1, 'valid', 2],
      ] as const
    ).map(([s, pad, d]) => [
      `depthwiseConv2d, stride ${s}, ${pad}, dilation ${d}`,
      () => tf.depthwiseConv2d(normal([2, 6, 7, 3]), normal([3, 3, 3, 2], 1), s, pad, 'NHWC', d),
    ]),
  ),
  'depthwiseConv2d, its gradients': () =>
    tf.grads((x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'))([
      normal([2, 6, 7, 3]),
      normal([3, 3, 3, 2], 1),
    ]),
  'conv3d, its gradients': () =>
    tf.grads((x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 2, 'same'))([
      normal([1, 4, 5, 3, 2]),
      normal([2, 3, 2, 2, 3], 1),
    ]),
  dilation2d: () => tf.dilation2d(normal([1, 6, 6, 2]), normal([2, 3, 2], 1) as unknown as tf.Tensor3D, 2, 'same'),
};

describe('kernels agree with the cpu backend', () => {
  it.each(Object.keys(cases))('%s', async (name) => {
    const run = async (backend: string) => {
      await tf.setBackend(backend);
      return tf.tidy(() =>
        [cases[name]()]
          .flat()
          .map(({ shape, dtype, ...t }, i, all) => (void t, { shape, dtype, values: [...all[i].dataSync()] })),
      );
    };
    const expected = await run('cpu');
    const found = await run(BACKEND);
    expect(found.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      expected.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    found.forEach(({ values }, i) =>
      values.forEach((v, k) => {
        const e = expected[i].values[k];
        const equal = Object.is(v, e) || v === e || Math.abs(v - e) <= 2e-5 * Math.max(1, Math.abs(e));
        expect(equal, `[${k}] is ${v}, not ${e}`).toBe(true);
      }),
    );
  });

  it('keep the precision of small and large numbers, where ONNX Runtime alone loses it', async () => {
    await tf.setBackend(BACKEND);
    const x = Float32Array.from({ length: 500 }, (_, i) => (i % 2 ? 1 : -1) * 10 ** (-8 + i / 50));
    const exact = { sigmoid: (v: number) => 1 / (1 + Math.exp(-v)), expm1: Math.expm1, log1p: Math.log1p };
    for (const [name, f] of Object.entries(exact)) {
      const found = call(name as 'expm1', tf.tensor1d(x)).dataSync();
      const expected = x.map(f);
      x.forEach((v, i) => {
        if (Object.is(found[i], expected[i])) return;
        // Numbers below 1e-37 have fewer digits.
        const scale = Math.max(Math.abs(expected[i]), 1e-37);
        expect(Math.abs(found[i] - expected[i]) / scale, `${name}(${v})`).toBeLessThan(5e-7);
      });
    }
    expect(tf.log(tf.sigmoid(tf.tensor1d([-80]))).dataSync()[0]).toBeCloseTo(-80, 4);
  });

  it('return true for all() of an empty tensor, unlike the cpu backend', async () => {
    await tf.setBackend(BACKEND);
    expect([...call('all', tf.zeros([0, 2], 'bool'), 0).dataSync()]).toEqual([1, 1]);
  });

  it('keep NaN within its segment, unlike the cpu backend', async () => {
    await tf.setBackend(BACKEND);
    const sums = tf.unsortedSegmentSum(tf.tensor1d([1, NaN, 3]), tf.tensor1d([0, 1, 0], 'int32'), 2);
    expect([...sums.dataSync()]).toEqual([4, NaN]);
  });

  it('compute a tensor although another pending tensor fails', async () => {
    await tf.setBackend(BACKEND);
    const broken = tf.gather(tf.tensor1d([1, 2]), tf.cast(tf.add(tf.tensor1d([7]), 1), 'int32'));
    const sound = tf.add(tf.tensor1d([1, 2]), 1);
    expect([...sound.dataSync()]).toEqual([2, 3]);
    expect(() => broken.dataSync()).toThrow('Gather');
  });

  it('reject an index that is known to be out of range', async () => {
    await tf.setBackend(BACKEND);
    expect(() => tf.gather(tf.tensor1d([1, 2]), tf.tensor1d([2], 'int32'))).toThrow(
      'the index value 2 is not in [0, 1]',
    );
  });

  it('distinguish constants that are equal in JSON', async () => {
    await tf.setBackend(BACKEND);
    const of = (value: number): number => tf.add(tf.tensor1d([1]), tf.fill([1], value)).dataSync()[0];
    expect([NaN, Infinity, -Infinity].map(of)).toEqual([NaN, Infinity, -Infinity]);
  });
});

it('pads convolutions along three axes like those along two, if strides exceed the filter', async () => {
  await tf.setBackend(BACKEND);
  const x: tf.Tensor5D = tf.reshape(tf.range(0, 125), [1, 5, 5, 5, 1]);
  const y = tf.conv3d(x, tf.ones([1, 1, 1, 1, 1]), 3, 'same');
  expect([...y.dataSync()]).toEqual([0, 3, 15, 18, 75, 78, 90, 93]);
});
