// Adam's bias corrections against exact arithmetic, and compiled updates with decays near 1 against the float64
// reference.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { atRest, update, type ReferenceOptimizer } from '../../test/reference';
import { draw } from '../../test/support/ganRun';
import type { OptimizerConfig } from '../catalog';
import type { Engine } from '../engine/engine';
import { openOnnxEngine } from '../engine/onnx/engine';
import { updateEma } from './ema';
import type { Network } from './network';
import { createOptimizer, fillUpdateScalars, updateScalars } from './optimizers';

const decays = [0.9, 0.999, 0.9999, 1 - 1e-6, 1 - 1e-7, 1 - 1e-8, 1 - 1e-12];
const adam = (beta2: number, beta1 = 0): OptimizerConfig<'adam'> => {
  return { kind: 'adam', learningRate: 1e-3, beta1, beta2, epsilon: 1e-8, schedule: 'constant' };
};

/** 1 − βᵗ of the double β, by binary powers in integers of 300 bits: exact far beyond double precision. */
function oneMinusPower(beta: number, t: number): number {
  const bits = 300n;
  const one = 1n << bits;
  const fixed = (x: number): bigint => (BigInt(x * 2 ** 53) << bits) >> 53n;
  let [power, base] = [one, fixed(beta)];
  for (let n = t; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) power = (power * base) >> bits;
    base = (base * base) >> bits;
  }
  return Number(one - power) / 2 ** 300;
}

describe("Adam's bias correction", () => {
  const steps = [1, 2, 3, 10, 99, 1000, 12_345, 100_000, 654_321, 1_000_000];

  test.each(decays)('with β₂ = %d equals exact arithmetic at every step up to a million, in float32 too', (beta2) => {
    for (const beta1 of [0, 0.5, 0.9, 0.999]) {
      for (const t of steps) {
        const root = Math.sqrt(oneMinusPower(beta2, t));
        const exact = { stepSize: (1e-3 * root) / oneMinusPower(beta1, t), floor: 1e-8 * root };
        const inputs = { stepSize: new Float32Array(1), floor: new Float32Array(1) };
        fillUpdateScalars(inputs, adam(beta2, beta1), t, 1e-3);
        for (const name of ['stepSize', 'floor'] as const) {
          const where = `${name}, β₁ ${beta1}, t ${t}`;
          const got = updateScalars(adam(beta2, beta1), t, 1e-3)[name];
          expect(Math.abs(got / exact[name] - 1), where).toBeLessThan(1e-12);
          expect(Math.abs(inputs[name][0] / exact[name] - 1), where).toBeLessThan(1e-7);
        }
      }
    }
  });
});

/** The largest difference of 60 updates from those in float64, relative to the update of the same weight. */
async function worstUpdate(engine: Engine, config: OptimizerConfig): Promise<number> {
  const size = 64;
  const w = tf.variable(tf.zeros([size]));
  const optimizer = createOptimizer(config, { w }, 'test');
  const state = engine.state({ w, ...optimizer.slots });
  const scalars = Object.fromEntries(optimizer.scalars.map((name) => [name, []]));
  const step = await engine.compile({
    name: 'update',
    state,
    inputs: { g: [size], ...scalars } as Readonly<Record<string, readonly number[]>>,
    compute: ({ g, ...given }) => {
      optimizer.update({ w: g }, given);
      return {};
    },
  });
  let reference = atRest([new Float64Array(size)]);
  let worst = 0;
  for (let t = 1; t <= 60; t++) {
    // Each update starts at 0, so that it is not rounded to the last digit of the weight.
    await state.write({ w: new Float32Array(size) });
    reference = { ...reference, w: [new Float64Array(size)] };
    const g = draw('normal', size, 'g', t).map((x) => 1 + x / 2);
    const inputs: Record<string, Float32Array> = { g };
    for (const name of optimizer.scalars) inputs[name] = new Float32Array(1);
    fillUpdateScalars(inputs, config, t, config.learningRate);
    await step.run(inputs);
    reference = update(config as ReferenceOptimizer, reference, [Float64Array.from(g)]);
    const moved = (await state.read()).w;
    reference.w[0].forEach((v, i) => (worst = Math.max(worst, Math.abs(moved[i] / v - 1))));
  }
  await step.dispose();
  state.dispose();
  return worst;
}

describe('a float32 update near the decay 1 differs from float64 by float32 rounding only', () => {
  let engine: Engine;
  beforeAll(() => void (engine = openOnnxEngine({ threads: 1 })));

  test.each(decays)('Adam, β₂ = %d', async (beta2) => {
    for (const beta1 of [0, 0.5, 0.999]) expect(await worstUpdate(engine, adam(beta2, beta1))).toBeLessThan(1e-6);
  });

  test.each([0.99, 0.9999, 1 - 1e-7])('RMSProp, ρ = %d', async (rho) => {
    const config: OptimizerConfig = { kind: 'rmsprop', learningRate: 1e-3, rho, epsilon: 1e-8, schedule: 'constant' };
    expect(await worstUpdate(engine, config)).toBeLessThan(1e-6);
  });

  test.each([0.99, 0.9999, 1 - 1e-6])('the moving average of the generator, δ = %d', async (decay) => {
    const [mean, w] = [tf.variable(tf.zeros([1])), tf.variable(tf.ones([1]))];
    const networks = [mean, w].map((v) => ({ parameters: { w: v }, buffers: {} }) as unknown as Network);
    const state = engine.state({ mean, w });
    const compute = () => {
      updateEma(networks[0], networks[1], decay);
      return {};
    };
    const step = await engine.compile({ name: 'ema', state, inputs: {}, compute });
    for (let t = 1; t <= 200; t++) await step.run({});
    expect(Math.abs((await state.read()).mean[0] / oneMinusPower(decay, 200) - 1)).toBeLessThan(1e-5);
    await step.dispose();
    state.dispose();
  });
});
