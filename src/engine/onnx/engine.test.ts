// The engine end to end: eager reads, compiled steps, state, and errors.
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine';
import { openOnnxEngine } from './engine';

const bindings = ['c-api', 'node'] as const;
let engine: Engine;
// Both bindings use the same names.
afterEach(() => tf.disposeVariables());

const variable = (name: string, values: number[]): tf.Variable => tf.variable(tf.tensor1d(values), true, name);

/** w <- w - 0.1 d/dw sum(w² x), with the loss before it. */
const descend = (w: tf.Variable) => ({
  name: 'descend',
  inputs: { x: [2] },
  compute: ({ x }: { x: tf.Tensor }) => {
    const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(tf.square(w), x)) as tf.Scalar, [w]);
    w.assign(tf.sub(w, tf.mul(0.1, grads[w.name])));
    return { loss: value };
  },
});

describe.each(bindings)('eager use (%s)', (binding) => {
  beforeAll(() => {
    engine = openOnnxEngine({ threads: 1, binding });
  });

  it('computes values only when they are read', () => {
    const y = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 0, 1, 1], [2, 2]));
    expect([...tf.add(y, 1).dataSync()]).toEqual([4, 3, 8, 5]);
  });

  it('does not keep a growing chain of unread tensors', () => {
    let [power, unread] = [tf.scalar(1), tf.scalar(1)];
    for (let i = 0; i < 50; i++) {
      power = tf.mul(power, 0.5);
      unread = tf.mul(unread, 0.9);
      expect(tf.add(power, 0).dataSync()[0]).toBe(0.5 ** (i + 1));
    }
    expect(unread.dataSync()[0]).toBeCloseTo(0.9 ** 50);
  });
});

describe.each(bindings)('a compiled step (%s)', (binding) => {
  beforeAll(() => {
    engine = openOnnxEngine({ threads: 1, binding });
  });

  it('has threads that depend on its size and on the given cores, not on this machine', async () => {
    for (const [n, cores, threads] of [
      [16, 3, 1],
      [700, 3, 3],
      [700, 64, 8],
    ]) {
      const opened = openOnnxEngine({ threads: 'auto', cores, binding });
      const w = tf.variable(tf.ones([n, n]), true, `w${n}-${cores}`);
      const definition = {
        name: 'product',
        inputs: { x: [n, n] },
        state: opened.state({ w }),
        compute: ({ x }: { x: tf.Tensor }) => ({ sum: tf.sum(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)) }),
      };
      const step = await opened.compile(definition);
      expect(step.threads).toBe(threads);
      await step.dispose();
    }
    engine = openOnnxEngine({ threads: 1, binding });
  });

  it('computes sums and means of many rows in stages', async () => {
    const rows = Float32Array.from({ length: 6400 * 3 }, (_, i) => Math.sin(i) + (i % 3));
    const step = await engine.compile({
      name: 'rows',
      state: engine.state({}),
      inputs: { x: [64, 100, 3] },
      compute: ({ x }) => ({ sum: tf.sum(x, [0, 1]), mean: tf.mean(x, [0, 1]) }),
    });
    const exact = [0, 1, 2].map((c) => rows.reduce((sum, v, i) => (i % 3 === c ? sum + v : sum), 0));
    const { sum, mean } = await step.run({ x: rows });
    expect(step.print().optimized).not.toContain('Reduce');
    exact.forEach((value, c) => {
      expect(Math.abs(sum[c] - value)).toBeLessThan(6400 * 1e-7);
      expect(Math.abs(mean[c] - value / 6400)).toBeLessThan(2e-7);
    });
  });

  it('updates its state, and TensorFlow.js sees the new values', async () => {
    const w = variable('moves/w', [1, 2]);
    const state = engine.state({ w });
    const step = await engine.compile({ ...descend(w), state });
    const x = Float32Array.of(1, 1);
    expect((await step.run({ x })).loss[0]).toBeCloseTo(5);
    expect((await step.run({ x })).loss[0]).toBeCloseTo(5 * 0.64);
    expect((await state.read()).w[0]).toBeCloseTo(0.64);
    expect(w.dataSync()[1]).toBeCloseTo(1.28);
    await state.write({ w: Float32Array.of(3, 4) });
    expect((await step.run({ x })).loss[0]).toBeCloseTo(25);
  });

  it('shares its state with other steps', async () => {
    const w = variable('shares/w', [1, 2]);
    const state = engine.state({ w });
    const down = await engine.compile({ ...descend(w), state });
    const look = await engine.compile({ name: 'look', state, inputs: {}, compute: () => ({ w: tf.mul(w, 10) }) });
    await down.run({ x: Float32Array.of(1, 1) });
    expect([...(await look.run({})).w]).toEqual([8, 16]);
  });

  it('contains no zeros, duplicates or chains of constants', async () => {
    const w = variable('lean/w', [1, 2]);
    const step = await engine.compile({ ...descend(w), state: engine.state({ w }) });
    const { recorded, optimized } = step.print();
    expect(optimized.split('\n').length).toBeLessThan(recorded.split('\n').length);
    expect(optimized.match(/Mul/g)!.length).toBe(5);
  });

  it('rejects an input of the wrong size and names it', async () => {
    const w = variable('size/w', [1, 2]);
    const step = await engine.compile({ ...descend(w), state: engine.state({ w }) });
    await expect(step.run({ x: new Float32Array(3) })).rejects.toThrow(
      'Input "x" of step "descend" has shape [2] and needs 2 numbers, got 3',
    );
  });

  it('rejects values of the wrong size and unknown names without writing anything', async () => {
    const w = variable('write/w', [1, 2]);
    const state = engine.state({ w });
    await expect(state.write({ w: Float32Array.of(5, 6), other: new Float32Array(1) })).rejects.toThrow(
      'no variable "other"',
    );
    expect([...w.dataSync()]).toEqual([1, 2]);
  });

  it('rejects random numbers that are not seeded, and names the layer', async () => {
    class Forgetful extends tfl.layers.Layer {
      static className = 'Forgetful';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0], Math.random());
      }
    }
    const model = tfl.sequential({
      layers: [tfl.layers.dense({ units: 2, inputShape: [2] }), new Forgetful({ name: 'forgetful' })],
    });
    const state = engine.state(
      Object.fromEntries(model.trainableWeights.map((v) => [v.name, v.read() as tf.Variable])),
    );
    const compile = engine.compile({
      name: 'random',
      state,
      inputs: { x: [4, 2] },
      compute: ({ x }) => ({ y: model.apply(x) as tf.Tensor }),
    });
    await expect(compile).rejects.toThrow(/in layer "forgetful".*draws its own random numbers \(Math.random/);
  });

  it('rejects reading values that are not computed yet', async () => {
    const w = variable('look/w', [1, 2]);
    const compute = ({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, tf.sum(x).dataSync()[0]) });
    const compile = engine.compile({ name: 'peek', state: engine.state({ w }), inputs: { x: [2] }, compute });
    await expect(compile).rejects.toThrow('The value of "x" was read while a training step was being recorded');
  });

  it.each<[string, (w: tf.Variable) => ArrayLike<number>]>([
    ['itself', (w) => w.dataSync()],
    ['computed with', (w) => tf.abs(w).dataSync()],
  ])('rejects reading a variable %s, which would be frozen, and names the layer', async (how, look) => {
    const w = tf.variable(tf.tensor1d([1, 2]), true, `peek/${how}`);
    class Peeking extends tfl.layers.Layer {
      static className = 'Peeking';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0], look(w)[1]);
      }
    }
    const layer = new Peeking({ name: 'peeking' });
    const state = engine.state({ w });
    const compute = ({ x }: { x: tf.Tensor }) => ({ y: layer.apply(x) as tf.Tensor });
    const compile = engine.compile({ name: 'peek', state, inputs: { x: [2] }, compute });
    await expect(compile).rejects.toThrow(
      'The value of "w" was read by layer "peeking" while a training step was being',
    );
    expect([...w.dataSync()]).toEqual([1, 2]);
  });

  it('rejects assigning a variable that is not part of its state', async () => {
    const [w, stray] = [variable('stray/w', [1, 2]), variable('stray/other', [0])];
    const compute = () => {
      stray.assign(tf.tensor1d([1]));
      return { y: tf.sum(w) };
    };
    const compile = engine.compile({ name: 'stray', state: engine.state({ w }), inputs: {}, compute });
    await expect(compile).rejects.toThrow('assigns the variable "stray/other"');
  });
});
