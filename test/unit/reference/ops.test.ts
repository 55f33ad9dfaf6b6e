// The oracle's operations: values against closed forms and TensorFlow.js, first and second derivatives against
// differences.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  activations,
  add,
  apply,
  broadcastTo,
  constant,
  conv2d,
  conv2dTranspose,
  div,
  exp,
  gradients,
  log,
  logSigmoid,
  matmul,
  mean,
  mul,
  reshape,
  scalar,
  sizeOf,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  sumTo,
  transpose,
  type Architecture,
  type Padding,
  type Shape,
  type Value,
} from '../../reference';

const wave = (shape: Shape, phase: number, scale = 1) =>
  constant(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => scale * Math.sin(phase + 1.7 * i)),
    shape,
  );
/** Away from 0, for roots, logarithms and quotients. */
const positive = (shape: Shape, phase: number) => add(wave(shape, phase), 1.5);

describe('first and second derivatives equal central differences', () => {
  interface Case {
    readonly f: (...xs: Value[]) => Value;
    readonly at: readonly Value[];
  }
  const convolution = (stride: number, padding: Padding): Case => ({
    f: (x, w) => conv2d(x, w, stride, padding),
    at: [wave([2, 5, 6, 2], 1), wave([3, 4, 2, 3], 2)],
  });
  const transposed = (stride: number, padding: Padding): Case => ({
    f: (x, w) => conv2dTranspose(x, w, stride, padding),
    at: [wave([2, 3, 4, 3], 1), wave([4, 3, 2, 3], 2)],
  });
  const ofOne = (f: (x: Value) => Value, at = wave([3, 4], 0.3)): Case => ({ f, at: [at] });
  const network: Architecture = {
    kind: 'layers',
    input: [6],
    layers: [
      { type: 'reshape', shape: [3, 2] },
      { type: 'batchNorm' },
      { type: 'flatten' },
      { type: 'activation', name: 'tanh' },
    ],
  };
  const cases: Record<string, Case> = {
    'add, broadcasting': { f: add, at: [wave([2, 3], 1), wave([3], 2)] },
    'sub, both broadcasting': { f: sub, at: [wave([2, 1, 3], 1), wave([4, 1], 2)] },
    'mul, broadcasting': { f: mul, at: [wave([2, 3], 1), wave([2, 1], 2)] },
    'div, broadcasting': { f: div, at: [wave([2, 3], 1), positive([3], 2)] },
    'div by itself squared': ofOne((x) => div(x, add(square(x), 1))),
    exp: ofOne(exp),
    log: ofOne(log, positive([3, 4], 0.3)),
    sqrt: ofOne(sqrt, positive([3, 4], 0.3)),
    softplus: ofOne(softplus),
    logSigmoid: ofOne(logSigmoid),
    ...Object.fromEntries(Object.entries(activations).map(([name, f]) => [name, ofOne((x) => f(x, 0.2))])),
    matmul: { f: matmul, at: [wave([2, 3], 1), wave([3, 4], 2)] },
    transpose: ofOne((x) => mul(transpose(x), constant([1, 2, 3]))),
    reshape: ofOne((x) => mul(reshape(x, [2, 6]), wave([6], 4))),
    'sum over an axis': ofOne((x) => sum(x, [0])),
    'mean over axes, kept': ofOne((x) => mean(x, [0, 2], true), wave([2, 3, 2], 0.3)),
    'broadcast and sum back': ofOne((x) => sumTo(mul(broadcastTo(x, [2, 3, 4]), wave([2, 1, 1], 1)), [1, 4])),
    'conv2d, stride 1, same': convolution(1, 'same'),
    'conv2d, stride 2, same': convolution(2, 'same'),
    'conv2d, stride 2, valid': convolution(2, 'valid'),
    'conv2d, explicit padding': convolution(2, [
      [2, 0],
      [1, 1],
    ]),
    'conv2dTranspose, stride 1, same': transposed(1, 'same'),
    'conv2dTranspose, stride 2, same': transposed(2, 'same'),
    'conv2dTranspose, stride 2, valid': transposed(2, 'valid'),
    'conv2dTranspose, explicit padding': transposed(2, [
      [1, 0],
      [1, 2],
    ]),
    'batch norm': {
      f: (x, gamma, beta) => apply(network, [gamma, beta], x),
      at: [wave([4, 6], 0.2), positive([2], 1), wave([2], 2)],
    },
  };

  test.each(Object.entries(cases))('%s', (_name, { f, at }) => {
    // L is quadratic in the output, so that a linear operation has a second derivative too.
    const loss = (xs: readonly Value[]) => {
      const y = f(...xs);
      return sum(mul(square(y), positive(y.shape, 3)));
    };
    const directions = at.map(({ shape }, k) => wave(shape, 7 + k));
    /** The derivative of L along the directions, as a Value of xs. */
    const along = (xs: readonly Value[]) =>
      gradients(loss(xs), xs).reduce<Value>((total, g, k) => add(total, sum(mul(g, directions[k]))), constant(0));
    const moved = (h: number) =>
      at.map((x, k) =>
        constant(
          x.data.map((v, i) => v + h * directions[k].data[i]),
          x.shape,
        ),
      );
    const slope = (g: (xs: readonly Value[]) => Value, h: number) =>
      (scalar(g(moved(h))) - scalar(g(moved(-h)))) / (2 * h);
    const leaves = moved(0);
    expectClose([scalar(along(leaves))], [slope(loss, 1e-6)], 1e-7);
    const second = gradients(along(leaves), leaves);
    const dot = second.reduce((total, g, k) => total + scalar(sum(mul(g, directions[k]))), 0);
    expectClose([dot], [slope(along, 1e-6)], 1e-6);
  });

  test('the whole Hessian of a product of powers is exact', () => {
    const x = constant([2, 3]);
    const [a, b] = [constant([1, 0]), constant([0, 1])];
    const pick = (e: Value) => sum(mul(x, e));
    const loss = mul(square(pick(a)), mul(pick(b), square(pick(b)))); // x²y³
    const [g] = gradients(loss, [x]);
    expect([...g.data]).toEqual([2 * 2 * 27, 3 * 4 * 9]);
    expect([...gradients(sum(mul(g, a)), [x])[0].data]).toEqual([2 * 27, 6 * 2 * 9]);
    expect([...gradients(sum(mul(g, b)), [x])[0].data]).toEqual([6 * 2 * 9, 6 * 4 * 3]);
  });

  test('the gradient is zero for a value that the loss does not depend on', () => {
    const [x, y] = [wave([2], 1), wave([3], 2)];
    expect([...gradients(sum(x), [y])[0].data]).toEqual([0, 0, 0]);
  });
});

describe('reference operations', () => {
  test('a 2 by 2 kernel of stride 2 gives the manually computed convolution', () => {
    const x = constant([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]);
    const w = constant([1, 10, 100, 1000], [2, 2, 1, 1]);
    expect([...conv2d(x, w, 2, 'same').data]).toEqual([1 + 20 + 500 + 6000, 3 + 40 + 700 + 8000]);
    expect([...conv2dTranspose(constant([1, 2], [1, 1, 2, 1]), w, 2, 'same').data]).toEqual([
      1, 10, 2, 20, 100, 1000, 200, 2000,
    ]);
  });

  test("'same' pads the odd zero after the image, like TensorFlow", () => {
    const x = constant([1, 2, 3, 4], [1, 1, 4, 1]);
    const w = constant([1, 10, 100], [1, 3, 1, 1]);
    expect([...conv2d(x, w, 2, 'same').data]).toEqual([1 + 20 + 300, 3 + 40]);
  });

  test('activations neither overflow nor underflow', () => {
    const far = constant([-800, -40, 40, 800]);
    expectClose([...softplus(far).data], [0, Math.exp(-40), 40, 800], 1e-15);
    expectClose([...logSigmoid(far).data], [-800, -40, -Math.exp(-40), 0], 1e-15);
    expectClose([...activations.sigmoid(far, 0).data], [0, Math.exp(-40), 1, 1], 1e-15);
    expect(softplus(far).data[1]).toBeCloseTo(Math.exp(-40), 30);
  });

  test('mismatched shapes are rejected', () => {
    expect(() => add(wave([2, 3], 1), wave([2], 1))).toThrow('[2,3] and [2] do not broadcast');
    expect(() => matmul(wave([2, 3], 1), wave([2, 3], 1))).toThrow('no product');
    expect(() => conv2d(wave([1, 4, 4, 2], 1), wave([3, 3, 1, 1], 1), 1, 'same')).toThrow('does not meet');
    expect(() => gradients(wave([2], 1), [])).toThrow('not of one number');
  });
});

describe('values equal those of TensorFlow.js (float32)', () => {
  beforeAll(async () => {
    tf.env().set('IS_TEST', true); // no banner
    await tf.setBackend('cpu');
  });
  const tensor = (x: Value) => tf.tensor(Float32Array.from(x.data), [...x.shape]);
  const same = (got: Value, wanted: tf.Tensor) => {
    expect(got.shape).toEqual(wanted.shape);
    expectClose([...got.data], [...wanted.dataSync()], 2e-5);
  };

  const sizes = [
    { image: [5, 6], kernel: [3, 4] },
    { image: [7, 4], kernel: [5, 5] },
    { image: [8, 8], kernel: [4, 4] },
    { image: [3, 3], kernel: [2, 3] },
  ];
  const settings = sizes.flatMap((size) =>
    [1, 2, 3].flatMap((stride) => (['same', 'valid'] as const).map((padding) => ({ ...size, stride, padding }))),
  );

  const possible = settings.filter(
    ({ image, kernel, padding }) => padding === 'same' || kernel.every((k, i) => k <= image[i]),
  );

  test.each(possible)(
    'conv2d of $image with $kernel, stride $stride, $padding',
    ({ image, kernel, stride, padding }) => {
      const [x, w] = [wave([2, ...image, 3], 1), wave([...kernel, 3, 2], 2)];
      const wanted = tf.conv2d(tensor(x) as tf.Tensor4D, tensor(w) as tf.Tensor4D, stride, padding);
      same(conv2d(x, w, stride, padding), wanted);
    },
  );

  test.each(settings)('conv2dTranspose of $image with $kernel, stride $stride, $padding', (setting) => {
    const { image, kernel, stride, padding } = setting;
    const [x, w] = [wave([2, ...image, 3], 1), wave([...kernel, 2, 3], 2)];
    const along = (n: number, k: number) => n * stride + (padding === 'valid' ? Math.max(k - stride, 0) : 0);
    const shape: [number, number, number, number] = [2, along(image[0], kernel[0]), along(image[1], kernel[1]), 2];
    const wanted = tf.conv2dTranspose(tensor(x) as tf.Tensor4D, tensor(w) as tf.Tensor4D, shape, stride, padding);
    same(conv2dTranspose(x, w, stride, padding), wanted);
  });

  test.each([
    ['relu', tf.relu],
    ['tanh', tf.tanh],
    ['sigmoid', tf.sigmoid],
    ['elu', tf.elu],
    ['leaky-relu', (x: tf.Tensor) => tf.leakyRelu(x, 0.3)],
    ['swish', (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x))],
    ['smooth-elu', (x: tf.Tensor) => tf.sub(tf.div(tf.softplus(tf.add(tf.mul(x, 2), 2)), 2), 1)],
  ] as const)('%s', (name, f) => {
    const x = wave([40], 0.1, 4);
    same(activations[name](x, 0.3), f(tensor(x)));
  });
});

test('the reference shares no code with the trainer: its files import only each other', () => {
  const folder = new URL('../../reference/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const imports = files.flatMap((name) => [
    ...readFileSync(new URL(name, folder), 'utf8').matchAll(/(?:from|import)\s*\(?'([^']*)'/g),
  ]);
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.map(([, source]) => source).filter((source) => !/^\.\/\w+$/.test(source))).toEqual([]);
});

/** |got - wanted| ≤ tolerance·max(1, |wanted|) for every number. */
function expectClose(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((v, i) => {
    if (!(Math.abs(v - wanted[i]) <= tolerance * Math.max(1, Math.abs(wanted[i]))))
      expect.fail(`[${i}]: ${v} is not ${wanted[i]} within ${tolerance}`);
  });
}
