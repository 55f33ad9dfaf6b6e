// Updates of variables outside of the graph, in whole steps: the same bits as inside, also if several steps share them.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openOnnxEngine } from '../../../src/engine/onnx/engine';
import { ALL_PASSES } from '../../../src/engine/passes/optimize';
import { fillNormal } from '../../../src/math/random';

const shape = [6, 7] as const;
const random = (stream: string, size: number): Float32Array => {
  const values = new Float32Array(size);
  fillNormal(values, { seed: 3, stream, step: 0 });
  return values;
};

/** The variables after steps of two kinds: one updates both in a kernel, the other writes w in the graph. */
async function train(hostUpdates: boolean) {
  const engine = openOnnxEngine({ threads: 1, passes: { ...ALL_PASSES, hostUpdates } });
  const variable = (name: string, values: Float32Array) => tf.variable(tf.tensor(values, [...shape]), true, name);
  const w = variable(`w ${hostUpdates}`, random('w', 42));
  const v = variable(`v ${hostUpdates}`, random('v', 42).map(Math.abs));
  const state = engine.state({ w, v });
  const descend = await engine.compile({
    name: 'descend',
    state,
    inputs: { x: [5, 6], y: [5, 7], rate: [] },
    compute: ({ x, y, rate }: Record<'x' | 'y' | 'rate', tf.Tensor>) => {
      const error = tf.sub(tf.matMul(x as tf.Tensor2D, w as tf.Tensor as tf.Tensor2D), y);
      const g = tf.matMul(x as tf.Tensor2D, error as tf.Tensor2D, true);
      const decayed = tf.add(g, tf.mul(0.1, w)); // v' reads w
      v.assign(tf.add(v, tf.mul(0.1, tf.sub(tf.square(decayed), v))));
      w.assign(tf.clipByValue(tf.sub(w, tf.div(tf.mul(rate, decayed), tf.add(tf.sqrt(v), 1e-8))), -0.9, 0.9));
      return { loss: tf.sum(tf.square(error)) };
    },
  });
  const normalize = await engine.compile({
    name: 'normalize',
    state,
    inputs: {},
    compute: () => {
      const columns = tf.sqrt(tf.sum(tf.square(w), 0, true));
      v.assign(tf.add(v, tf.mul(0.5, w))); // reads the old w, which the graph replaces
      w.assign(tf.div(w, columns));
      return { norm: tf.sum(columns) };
    },
  });
  const inputs = { x: random('x', 30), y: random('y', 35), rate: Float32Array.of(0) };
  const losses: number[] = [];
  for (let k = 0; k < 6; k++) {
    inputs.rate[0] = 0.1 / (k + 1);
    losses.push((await descend.run(inputs)).loss[0]);
    if (k % 2) losses.push((await normalize.run({})).norm[0]);
    if (k === 3) await state.write({ w: random('new w', 42) });
  }
  const graph = descend.print().optimized;
  await descend.dispose();
  await normalize.run({});
  await normalize.dispose();
  const values = await state.read();
  state.dispose();
  return { graph, losses, values };
}

it('updates variables with the same bits in the graph and outside of it', async () => {
  const [outside, inside] = [await train(true), await train(false)];
  expect(inside.graph).toContain('Sqrt');
  expect(outside.graph).not.toContain('Sqrt');
  expect(outside.losses).toEqual(inside.losses);
  expect(outside.values).toEqual(inside.values);
});
