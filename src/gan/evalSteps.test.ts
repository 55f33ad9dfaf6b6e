// The validation step: the same number as in training on the same samples, without a change of the state.
import { expect, test } from 'vitest';
import { draw, ganOf, only, type GanSystem } from '../../test/support/ganRun';
import { openOnnxEngine } from '../engine/onnx/engine';
import type { GanStep } from './step';

const dcgan = {
  network: 'dcgan',
  filters: 4,
  activation: 'leaky-relu',
  normalization: 'batch',
  kernel: 4,
  slope: 0.2,
  initializer: 'he',
} as const;
const system: GanSystem = {
  ...{ shape: [16, 16, 1], latent: 3, batch: 6, generator: dcgan, critic: dcgan },
  objective: { kind: 'non-saturating' },
  constraint: [],
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0, schedule: 'constant' },
};

test('the validation estimate of a batch is its training estimate, with batch normalization in both networks', async () => {
  const engine = openOnnxEngine({ threads: 1 });
  const gan = ganOf(system);
  const state = engine.state(gan.variables);
  const run = async (step: GanStep, seed: number) => {
    const compiled = await engine.compile({ ...step, state });
    const inputs = { real: draw('normal', 6 * 256, 'real', seed), z: draw('normal', 6 * 3, 'z', seed) };
    const results = { ...(await compiled.run(only(step.inputs, inputs))) };
    await compiled.dispose();
    return results;
  };
  await run(gan.criticStep, 1);
  const before = await state.read();
  const validation = await run(gan.validationStep, 2);
  expect(await state.read()).toEqual(before);
  const training = await run(gan.criticStep, 2);
  expect(validation.validationEstimate![0]).toBeCloseTo(training.estimate![0]!, 5);
  expect(training.estimate![0]).not.toBeCloseTo(0, 3);
  state.dispose();
});
