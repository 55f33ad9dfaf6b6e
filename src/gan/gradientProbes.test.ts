// The gradient probe, which reports the gradients of the updates without changing the state, and the generator gradient
// at samples.
import { describe, expect, it } from 'vitest';
import type { CatalogNetworkConfig, ObjectiveConfig } from '../catalog';
import { openOnnxEngine } from '../engine/onnx/engine';
import { draw, ganOf, only, type GanSystem } from '../../test/support/ganRun';

const mlp: CatalogNetworkConfig<'mlp'> = {
  network: 'mlp',
  depth: 2,
  width: 16,
  normalization: 'none',
  activation: 'tanh',
  initializer: 'he',
};
const dcgan: CatalogNetworkConfig<'dcgan'> = {
  network: 'dcgan',
  filters: 4,
  activation: 'tanh',
  normalization: 'batch',
  kernel: 4,
  slope: 0.2,
  initializer: 'he',
};
const points: GanSystem = {
  shape: [2],
  latent: 3,
  batch: 8,
  generator: mlp,
  critic: mlp,
  objective: { kind: 'wgan' },
  constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
  // w ← w − g: an update is the gradient itself.
  optimizer: { kind: 'sgd', learningRate: 1, momentum: 0, schedule: 'constant' },
};
const images: GanSystem = { ...points, shape: [16, 16, 2], latent: 5, batch: 4, generator: dcgan, critic: dcgan };

async function opened(system: GanSystem) {
  const engine = openOnnxEngine({ threads: 1 });
  const gan = ganOf(system);
  const state = engine.state(gan.variables);
  const fed = (inputs: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, shape]) => [
        name,
        draw(
          ['epsilon', 'u', 'alpha'].includes(name) ? 'uniform' : 'normal',
          shape.reduce((a, b) => a * b, 1),
          name,
          0,
        ),
      ]),
    );
  const run = async ({ name, inputs, compute }: (typeof gan)['criticStep'], given = fed(inputs)) => {
    const step = await engine.compile({ name, inputs, compute, state });
    const results = await step.run(only(inputs, given) as typeof given, { seed: 1, step: 1 });
    const copied = Object.fromEntries(Object.entries(results).map(([key, values]) => [key, values.slice()]));
    await step.dispose();
    return copied;
  };
  return { gan, state, run, fed };
}

describe.each<[string, GanSystem]>([
  ['points under a gradient penalty', points],
  [
    'least squares with smoothed labels under R1',
    {
      ...points,
      objective: { kind: 'lsgan', a: 0, b: 1, c: 1 },
      labelSmoothing: 0.2,
      constraint: [{ kind: 'r1', gamma: 1 }],
    },
  ],
  ['images with batch norm in both networks', { ...images, objective: { kind: 'non-saturating' }, constraint: [] }],
])('the gradient probe of %s', (_, system) => {
  it('equals the change of every parameter of both networks in an update', async () => {
    const { gan, state, run, fed } = await opened(system);
    const initial = await state.read();
    const batch = fed(gan.gradientProbeStep.inputs);
    const gradients = await run(gan.gradientProbeStep, batch);
    for (const [role, step] of [
      ['critic', gan.criticStep],
      ['generator', gan.generatorStep],
    ] as const) {
      await state.write(initial);
      await run(step, batch);
      const moved = await state.read();
      const trained = Object.keys(gradients).filter((name) => name.startsWith(`${role}/`));
      expect(trained.length).toBeGreaterThanOrEqual(4);
      for (const name of trained) {
        const size = Math.hypot(...gradients[name]);
        const error = Math.hypot(...gradients[name].map((g, i) => initial[name][i] - moved[name][i] - g));
        expect([name, error < 1e-4 * size + 1e-6]).toEqual([name, true]);
      }
      const still = Object.keys(initial).filter((name) => name.startsWith(`${role}/`) && !trained.includes(name));
      expect(still.every((name) => /moving/.test(name))).toBe(true);
    }
    state.dispose();
  });
});

describe('the gradient probe', () => {
  it('changes neither the moving averages of batch norm nor the vectors of spectral norm', async () => {
    const { gan, state, run } = await opened({
      ...images,
      objective: { kind: 'hinge' },
      constraint: [{ kind: 'spectral-norm', iterations: 1 }],
    });
    await run(gan.criticStep);
    await run(gan.generatorStep);
    const before = await state.read();
    expect(Object.keys(before).some((name) => name.includes('moving'))).toBe(true);
    expect(Object.keys(before).some((name) => name.includes('normalization/critic'))).toBe(true);
    const gradients = await run(gan.gradientProbeStep);
    expect(await state.read()).toEqual(before);
    expect(Object.values(gradients).some((g) => g.some((v) => v !== 0))).toBe(true);
    state.dispose();
  });
});

describe('the generator gradient at samples', () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  /** −dL_G/dD(x), derived manually from each loss. */
  const derivatives: readonly (readonly [ObjectiveConfig, (D: number) => number])[] = [
    [{ kind: 'wgan' }, () => 1],
    [{ kind: 'minimax' }, (D) => sigmoid(D)],
    [{ kind: 'non-saturating' }, (D) => 1 - sigmoid(D)],
    [{ kind: 'lsgan', a: 0, b: 1, c: 1 }, (D) => 1 - D],
  ];

  it.each(derivatives)(
    "is the critic's gradient times the derivative of the loss, %j",
    async (objective, derivative) => {
      const { gan, state, run } = await opened({ ...points, objective, constraint: [] });
      const count = 6;
      const x = draw('normal', 2 * count, 'x', 0);
      const { generatorGradient } = await run(gan.generatorGradientStep(count), { x });
      const scores = async (dx: number, dy: number) =>
        (await run(gan.criticScoresStep(count), { x: x.map((v, i) => v + (i % 2 === 0 ? dx : dy)) })).scores;
      const D = await scores(0, 0);
      const h = 0.01;
      for (const [axis, [dx, dy]] of [
        [h, 0],
        [0, h],
      ].entries()) {
        const [above, below] = [await scores(dx, dy), await scores(-dx, -dy)];
        for (let i = 0; i < count; i++) {
          const expected = ((above[i] - below[i]) / (2 * h)) * derivative(D[i]);
          expect(Math.abs(generatorGradient[2 * i + axis] - expected)).toBeLessThan(2e-3 * (1 + Math.abs(expected)));
        }
      }
      state.dispose();
    },
  );
});
