// Every layer of tfjs-layers in random configurations: our engine against TensorFlow.js' CPU backend,
// for the forward pass, the gradient and the gradient of a gradient penalty.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, model as modelOf, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BACKEND } from './onnx/graphBackend';
import { openOnnxEngine } from './onnx/engine';
import { isExcluded, layerRows, type LayerCase } from '../../test/support/layerCases';
import { integers, normal } from '../../test/support/secondOrder';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

const SEED = 8;
const rows = Object.entries(layerRows).flatMap(([name, row]) => (isExcluded(row) ? [] : [[name, row] as const]));

interface Found {
  readonly shape: number[];
  readonly values: Readonly<Record<string, readonly number[]>>;
}

describe('every layer gives the result of the cpu backend', () => {
  it.each(rows)('%s', (_, row) => {
    const holds = (c: LayerCase): void => {
      const model = modelOfCase(c);
      draw(model);
      const expected = on('cpu', () => results(model, c));
      const found = on(BACKEND, () => results(model, c));
      expect(found.shape).toEqual(expected.shape);
      for (const [name, values] of Object.entries(expected.values)) expectClose(found.values[name], values, name);
      model.dispose();
    };
    fc.assert(fc.property(row, holds), { seed: SEED, numRuns: 2, endOnFailure: true });
  });
});

/** Bilinear layers and layers with a kink follow a tanh, so that rounding does not decide the result. */
function modelOfCase({ make, merges, shape, below }: LayerCase): LayersModel {
  const input = layers.input({ shape } as Parameters<typeof layers.input>[0]);
  const mixed = (): SymbolicTensor =>
    layers.dense({ units: shape.at(-1)!, activation: 'tanh' }).apply(input) as SymbolicTensor;
  const outputs = make().apply(below ? input : merges ? [mixed(), mixed()] : mixed()) as SymbolicTensor;
  return modelOf({ inputs: input, outputs });
}

function draw(model: LayersModel): void {
  const values = model.weights.map((w, i) => {
    const value = tf.mul(normal(w.shape as number[], `weight ${i}`, 0), 0.5);
    return /variance/.test(w.originalName) ? tf.add(tf.square(value), 0.5) : value;
  });
  model.setWeights(values);
}

/** In evaluation mode: random numbers drawn in training are tested in noise.test.ts. */
function results(model: LayersModel, { shape, below }: LayerCase): Found {
  const x = below ? integers([3, ...shape], below) : normal([3, ...shape], 'x', 0);
  const weights = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const apply = (x: tf.Tensor): tf.Tensor => model.apply(x, { training: false }) as tf.Tensor;
  const y = apply(x);
  const cotangent = normal(y.shape, 'cotangent', 0);
  const score = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(apply(x), cotangent));
  const values: Record<string, readonly number[]> = { y: [...y.dataSync()] };
  const keep = (name: string, t: tf.Tensor): void => void (values[name] = [...t.dataSync()]);
  if (!below) keep('∂x', tf.grad(score)(x));
  if (weights.length === 0) return { shape: y.shape, values };
  const graded = (name: string, f: () => tf.Scalar): void => {
    for (const [w, g] of Object.entries(tf.variableGrads(f, weights).grads)) if (g) keep(`${name} ∂${w}`, g);
  };
  graded('score', () => score(x));
  if (!below) graded('penalty', () => tf.sum(tf.square(tf.grad(score)(x))));
  return { shape: y.shape, values };
}

function on<T>(backend: string, f: () => T): T {
  void tf.setBackend(backend);
  try {
    return tf.tidy(f as () => tf.TensorContainer) as T;
  } finally {
    void tf.setBackend(BACKEND);
  }
}

function expectClose(found: readonly number[], expected: readonly number[], name: string): void {
  expect(found.length, name).toBe(expected.length);
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  found.forEach((v, i) =>
    expect(Math.abs(v - expected[i]) / scale, `${name}[${i}]: ${v}, not ${expected[i]}`).toBeLessThan(1e-4),
  );
}
