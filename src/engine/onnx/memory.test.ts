// Training takes no more memory than it needs, and must not leak tensors or graphs, or slow down with its steps.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { openOnnxEngine } from './engine';

it.each(['c-api', 'node'] as const)(
  'a compiled step leaks no tensors and no buffers over 1,000 steps (%s)',
  async (binding) => {
    const engine = openOnnxEngine({ threads: 1, binding });
    const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [4] }), layers.dense({ units: 1 })] });
    const named = Object.fromEntries(model.weights.map((w) => [w.name, w.read() as tf.Variable]));
    const state = engine.state(named);
    const before = { tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds() };
    const step = await engine.compile({
      name: 'descend',
      state,
      inputs: { x: [16, 4] },
      compute: ({ x }) => {
        const f = (): tf.Scalar => tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar;
        const { value, grads } = tf.variableGrads(f, Object.values(named));
        for (const w of Object.values(named)) w.assign(tf.sub(w, tf.mul(0.01, grads[w.name])));
        return { loss: value };
      },
    });
    const compiled = { tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds() };
    // The one input that the step keeps.
    expect(compiled).toEqual({ tensors: before.tensors + 1, data: before.data + 1 });

    const x = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const { loss } = await step.run({ x });
    const first = loss[0];
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 1000; i++) {
      await step.run({ x });
      if (i % 250 === 0) buffers.add(Object.values(named)[0].dataSync().buffer);
    }
    expect({ tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds() }).toEqual(compiled);
    expect(buffers.size).toBeLessThanOrEqual(2); // one that is read, one that is written
    expect((await step.run({ x })).loss[0]).toBeLessThan(first);

    await step.dispose();
    state.dispose();
    expect(tf.memory().numTensors).toBeLessThan(before.tensors);
  },
);

it('a state has its numbers once, those of the tensors that it began with included', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const bytes = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const size = 4_000_000;
  const engine = openOnnxEngine({ threads: 1 });
  const variable = (value: tf.Tensor): tf.Variable => {
    const made = tf.variable(value);
    value.dispose();
    return made;
  };
  const before = bytes();
  const variables = () => ({
    zeros: variable(tf.zeros([size])),
    ones: variable(tf.tensor1d(new Float32Array(size).fill(1))),
  });
  const state = engine.state(variables());
  expect(bytes() - before).toBeLessThan(1.1 * 2 * 4 * size);
  state.dispose();
});
