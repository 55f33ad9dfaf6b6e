// Functions exported to ONNX, run with ONNX Runtime's public API for several batch sizes and compared with
// TensorFlow.js.
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine';
import { ModelError } from '../errors';
import { randomNormal } from '../noise/operations';
import { openOnnxEngine } from './engine';
import { loadNativePackage } from './nativePackage';
import { prepareOnnxExport, type ExportableFunction } from './onnxExport';

const { InferenceSession, Tensor } = loadNativePackage().ort;

let engine: Engine;
beforeAll(() => {
  engine = openOnnxEngine({ threads: 1 });
});

const SIZE = 3;
const info = { name: 'f', version: '1.2.3', text: 'a description', metadata: { step: '7', range: '-1 to 1' } };
const functionOf = (
  compute: (x: tf.Tensor) => tf.Tensor,
  names: ExportableFunction['names'] = {},
): ExportableFunction => ({
  ...{ state: engine.state({}), input: { name: 'z', shape: [SIZE] }, output: 'samples' },
  ...{ compute, names },
});
const numbers = (n: number): Float32Array => Float32Array.from({ length: n * SIZE }, (_, i) => Math.sin(i + 1));

async function run(bytes: Uint8Array, n: number) {
  const session = await InferenceSession.create(bytes);
  const { samples } = await session.run({ z: new Tensor('float32', numbers(n), [n, SIZE]) });
  return { dims: samples.dims, values: samples.data as Float32Array, session };
}

const w = (): tf.Tensor2D => tf.tensor2d([0.5, -1, 2, 0.25, 1, -0.75, 3, 0.1, -2, 1, 0, 4], [3, 4]);
const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  'a product with a bias': (x) => tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, w()), tf.tensor1d([1, 2, 3, 4]))),
  'a reshape into images': (x) => tf.reshape(tf.matMul(x as tf.Tensor2D, w()), [-1, 2, 2, 1]),
  'a column of ones, one per sample': (x) => tf.concat([tf.ones([x.shape[0], 1]), x], 1),
  'a number broadcast over the batch': (x) => tf.concat([tf.mul(tf.ones([x.shape[0], 2]), tf.sum(w())), x], 1),
  'a slice of every row': (x) => tf.slice(x, [0, 1], [-1, 2]),
  'rows repeated along another axis': (x) => tf.tile(tf.expandDims(x, 1), [1, 4, 1]),
  'a convolution': (x) => tf.conv2d(tf.reshape(x, [-1, 3, 1, 1]) as tf.Tensor4D, tf.ones([2, 1, 1, 2]), 1, 'same'),
  "the batch's own mean": (x) => tf.sub(x, tf.mean(x, 0)),
  'its input alone': (x) => x,
};

describe('an ONNX file with a dynamic batch size', () => {
  it.each(Object.entries(functions))('gives the values of TensorFlow.js for %s', async (_, compute) => {
    const made = prepareOnnxExport(functionOf(compute), { fallback: 4 });
    expect(made.batch).toBeNull();
    const bytes = made.encode(info);
    for (const n of [1, 2, 7, 23]) {
      const expected = compute(tf.tensor2d(numbers(n), [n, SIZE]));
      const { dims, values } = await run(bytes, n);
      expect(dims).toEqual(expected.shape);
      expect(made.shape).toEqual(expected.shape.slice(1));
      const wanted = expected.dataSync();
      expect(Math.max(...wanted.map((v, i) => Math.abs(v - values[i])))).toBeLessThan(2e-6);
    }
  });

  it('declares its inputs, outputs and metadata', async () => {
    const kernel = tf.tensor2d([1, 2, 3], [3, 1]);
    const made = prepareOnnxExport(
      functionOf((x) => tf.matMul(x as tf.Tensor2D, kernel), { 'dense.kernel': kernel }),
      1,
    );
    const dynamic = prepareOnnxExport(
      functionOf((x) => tf.matMul(x as tf.Tensor2D, kernel), { 'dense.kernel': kernel }),
      { fallback: 1 },
    );
    const { session } = await run(dynamic.encode(info), 5);
    expect(session.inputMetadata).toMatchObject([{ name: 'z', type: 'float32', shape: ['batch', 3] }]);
    expect(session.outputMetadata).toMatchObject([{ name: 'samples', type: 'float32', shape: ['batch', 1] }]);
    const text = Buffer.from(made.encode(info)).toString('latin1');
    for (const part of ['earthmover', '1.2.3', 'a description', 'range', '-1 to 1', 'dense.kernel'])
      expect(text).toContain(part);
  });
});

describe('an ONNX file has a fixed batch size', () => {
  it.each([
    ['goes into a number', (x: tf.Tensor) => tf.mul(x, x.shape[0] ?? 0)],
    [
      'is an axis of its own',
      (x: tf.Tensor) =>
        tf.reverse(tf.matMul(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true), x as tf.Tensor2D), 0),
    ],
    ['goes into a table', (x: tf.Tensor) => tf.gather(x, tf.reverse(tf.range(0, x.shape[0], 1, 'int32')))],
  ])('if the batch size %s', async (_, compute) => {
    const made = prepareOnnxExport(functionOf(compute), { fallback: 4 });
    expect(made.batch).toBe(4);
    const { values, session } = await run(made.encode(info), 4);
    const wanted = compute(tf.tensor2d(numbers(4), [4, SIZE])).dataSync();
    expect(Math.max(...wanted.map((v, i) => Math.abs(v - values[i])))).toBeLessThan(1e-5);
    expect(session.inputMetadata).toMatchObject([{ shape: [4, 3] }]);
    await expect(run(made.encode(info), 5)).rejects.toThrow(/dimension/i);
  });

  it('if one is requested', async () => {
    expect(prepareOnnxExport(functionOf(functions['a product with a bias']), 6).batch).toBe(6);
  });
});

it('an ONNX export is rejected if the function draws random numbers, with the name of the layer', () => {
  class Jitter extends tfl.layers.Layer {
    static readonly className = 'Jitter';
    override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const [first] = [x].flat();
      return tf.add(first, randomNormal(first.shape));
    }
  }
  const model = tfl.sequential({
    layers: [tfl.layers.inputLayer({ inputShape: [SIZE] }), new Jitter({ name: 'jitter' })],
  });
  let thrown: unknown;
  try {
    prepareOnnxExport(
      functionOf((x) => model.apply(x) as tf.Tensor),
      { fallback: 4 },
    );
  } catch (error) {
    thrown = error;
  }
  expect(thrown instanceof ModelError && thrown.layer).toBe('jitter');
});
