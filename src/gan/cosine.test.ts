// The cosine of a step and its gradient where it is known in closed form.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openOnnxEngine } from '../engine/onnx/engine';
import type { Engine } from '../engine/engine';
import type { OptimizerConfig } from '../catalog';
import { cosine } from './cosine';
import { createOptimizer, fillUpdateScalars } from './optimizers';

let engine: Engine;
beforeAll(() => void (engine = openOnnxEngine({ threads: 1 })));

/** The cosines of updates of two variables by these gradients, one after the other. */
async function cosines(config: OptimizerConfig, gradients: readonly (readonly number[])[]): Promise<number[]> {
  const variables = { a: tf.variable(tf.ones([2])), b: tf.variable(tf.ones([1])) };
  const optimizer = createOptimizer(config, variables, 'test');
  const state = engine.state({ ...variables, ...optimizer.slots });
  const scalars = Object.fromEntries(optimizer.scalars.map((name) => [name, []]));
  const step = await engine.compile({
    name: 'update',
    state,
    inputs: { g: [3], ...scalars } as Readonly<Record<string, readonly number[]>>,
    compute: ({ g, ...given }) => {
      const parts = { a: tf.slice(g, 0, 2), b: tf.slice(g, 2, 1) };
      return { cosine: cosine(optimizer.update(parts, given), parts) };
    },
  });
  const found: number[] = [];
  for (const [k, g] of gradients.entries()) {
    const inputs: Record<string, Float32Array> = { g: Float32Array.from(g) };
    for (const name of optimizer.scalars) inputs[name] = new Float32Array(1);
    fillUpdateScalars(inputs, config, k + 1, config.learningRate);
    found.push((await step.run(inputs)).cosine[0]);
  }
  await step.dispose();
  state.dispose();
  return found;
}

const adam = (beta1: number): OptimizerConfig => ({
  ...{ kind: 'adam', learningRate: 1e-4, beta1, beta2: 0.9, epsilon: 1e-8, schedule: 'constant' },
});
const sgd = (momentum: number, learningRate = 1e-4): OptimizerConfig => ({
  ...{ kind: 'sgd', learningRate, momentum, schedule: 'constant' },
});
const rmsprop: OptimizerConfig = {
  ...{ kind: 'rmsprop', learningRate: 1e-4, rho: 0.99, epsilon: 1e-8, schedule: 'constant' },
};

describe('the cosine of a step and its gradient', () => {
  it('is 1 without momentum and without a scale per weight', async () => {
    for (const found of await cosines(sgd(0), [
      [3, -4, 12],
      [1e-6, 2e-6, -1e-6],
    ]))
      expect(found).toBeCloseTo(1, 6);
  });

  it('is that of sign(g) and g in the first step of Adam and RMSProp, ‖g‖₁/(√n‖g‖₂)', async () => {
    const g = [3, -4, 12];
    const known = 19 / (Math.sqrt(3) * 13);
    for (const config of [adam(0), adam(0.5), rmsprop]) expect((await cosines(config, [g]))[0]).toBeCloseTo(known, 5);
  });

  it('is never negative without momentum, whatever the gradients', async () => {
    const gradients = Array.from({ length: 40 }, (_, k) => [Math.sin(k * k), Math.cos(3 * k), Math.sin(7 * k) ** 3]);
    for (const config of [adam(0), rmsprop, sgd(0)]) {
      for (const found of await cosines(config, gradients)) expect(found).toBeGreaterThan(0);
    }
  });

  it('is −1 when momentum carries on against a gradient that turned round', async () => {
    const g = [1, 2, 3];
    // SGD, μ = 0.9: m = 0.9 g − 0.5 g. Adam, β₁ = 0.9: m = 0.09 g − 0.05 g, and v is the same for equal gradients.
    const turned = g.map((x) => -0.5 * x);
    expect((await cosines(sgd(0.9), [g, turned]))[1]).toBeCloseTo(-1, 5);
    expect(
      (
        await cosines(adam(0.9), [
          [1, 1, 1],
          [-0.5, -0.5, -0.5],
        ])
      )[1],
    ).toBeCloseTo(-1, 5);
  });

  it('is 0, not NaN, without a step or a gradient', async () => {
    expect(await cosines(sgd(0, 0), [[1, 2, 3]])).toEqual([0]);
    expect(await cosines(adam(0.5), [[0, 0, 0]])).toEqual([0]);
  });
});
