// Batch normalization in training: equal to the composition of TensorFlow.js, accurate far from zero, and short.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fillNormal } from '../math/random';
import { normalizeBatch } from './batchNormalization';
import type { Engine } from './engine';
import { openOnnxEngine } from './onnx/engine';

let engine: Engine;
beforeAll(() => {
  engine = openOnnxEngine({ threads: 1 });
});

const SHAPE = [6, 5, 4, 3];
const EPSILON = 1e-3;

const composed = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, axis: number) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2, 3].toSpliced(axis, 1), true);
  const along = (t: tf.Tensor) => tf.reshape(t, mean.shape);
  const y = tf.add(tf.mul(tf.sub(x, mean), tf.mul(along(gamma), tf.rsqrt(tf.add(variance, EPSILON)))), along(beta));
  return { y, mean: tf.reshape(mean, [-1]), variance: tf.reshape(variance, [-1]) };
};

type Form = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, axis: number) => ReturnType<typeof composed>;
const closed: Form = (x, gamma, beta, axis) => normalizeBatch(x, gamma, beta, axis, EPSILON);

/** Values, gradients, and derivatives of the squared gradient, of one form. */
async function derivatives(form: Form, axis: number, shift: number) {
  const step = await engine.compile({
    name: 'derivatives',
    state: engine.state({}),
    inputs: { x: SHAPE, dy: SHAPE, gamma: [SHAPE[axis]], beta: [SHAPE[axis]] },
    compute: ({ x, dy, gamma, beta }) => {
      const moved = tf.add(x, shift);
      const f = (...at: tf.Tensor[]) => tf.sum(tf.mul(tf.tanh(form(at[0], at[1], at[2], axis).y), dy));
      const first = (...at: tf.Tensor[]) => tf.grads(f)(at);
      const square = (...at: tf.Tensor[]) => tf.addN(first(...at).map((g) => tf.sum(tf.square(g))));
      const named = (name: string, tensors: tf.Tensor[]) => tensors.map((t, i) => [`${name} ${i}`, t] as const);
      const given = [moved, gamma, beta];
      return {
        ...form(moved, gamma, beta, axis),
        ...Object.fromEntries([...named('first', first(...given)), ...named('second', tf.grads(square)(given))]),
      };
    },
    isBuiltIn: true,
  });
  const values = (name: string, shape: readonly number[]): Float32Array => {
    const array = new Float32Array(tf.util.sizeFromShape([...shape]));
    fillNormal(array, { seed: 2, stream: name, step: 0 });
    return array;
  };
  const channels = [SHAPE[axis]];
  const results = await step.run({
    x: values('x', SHAPE),
    dy: values('dy', SHAPE),
    gamma: values('gamma', channels),
    beta: values('beta', channels),
  });
  const { optimized } = step.print();
  await step.dispose();
  return { results: Object.fromEntries(Object.entries(results).map(([name, v]) => [name, v.slice()])), optimized };
}

describe('normalizeBatch', () => {
  it.each([3, 1])('has the values and both derivatives of its composition, along axis %d', async (axis) => {
    const [ours, theirs] = [await derivatives(closed, axis, 0.5), await derivatives(composed, axis, 0.5)];
    for (const [name, expected] of Object.entries(theirs.results)) {
      const norm = Math.hypot(...expected);
      expect(Math.hypot(...ours.results[name].map((v, i) => v - expected[i])) / norm, name).toBeLessThan(2e-5);
    }
  });

  it('is accurate if the mean is a thousand times the deviation', async () => {
    const [near, far] = [await derivatives(closed, 3, 0), await derivatives(closed, 3, 1000)];
    for (const name of ['y', 'variance', 'first 0', 'first 1']) {
      const expected = near.results[name];
      const error = Math.hypot(...far.results[name].map((v, i) => v - expected[i])) / Math.hypot(...expected);
      expect(error, name).toBeLessThan(2e-4); // x itself has an error of 3e-5
    }
  });

  it('passes over its input less often than its composition', async () => {
    const passes = ({ optimized }: { optimized: string }): number =>
      optimized.split('\n').filter((line) => /float32\[(6,5,4,3|120,3)\]/.test(line)).length;
    const [ours, theirs] = [await derivatives(closed, 3, 0), await derivatives(composed, 3, 0)];
    expect(passes(ours)).toBeLessThan(passes(theirs));
  });
});
