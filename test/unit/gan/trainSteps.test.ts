// The product's training steps, compiled, against the float64 oracle and against PyTorch: losses and every weight over
// five iterations.
import { describe, expect, it } from 'vitest';
import { constraints, divergences, objectives, optimizers } from '../../../src/catalog';
import { ALL_PASSES, NO_PASSES } from '../../../src/engine/passes/optimize';
import { distance, parametersOf, reference, trained } from '../../support/ganRun';
import { ganSystems } from '../../support/ganSystems';
import { movesOf, readFixtures, shorten, type StoredOutcome } from '../../support/pytorchFixtures';

const pytorch = readFixtures().systems;

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

describe.each(Object.entries(ganSystems))('%s', (name, { system, tolerance }) => {
  let known: ReturnType<typeof reference> | undefined;
  it.each([
    ['as compiled', ALL_PASSES],
    ['without any pass', NO_PASSES],
  ])('equals the float64 reference over five iterations, %s', async (_, passes) => {
    const ours = await trained(system, passes);
    const oracle = (known ??= reference(system, ours.initial));
    expect(distance(ours.losses, oracle.losses)).toBeLessThan(tolerance);
    for (const role of ['generator', 'critic'] as const) {
      expect(parametersOf(ours.final, role).length).toBe(oracle.state[role].w.length);
      // Compare the change by the updates: at a small learning rate the weight itself would hide an error.
      const moves = parametersOf(ours.final, role).map(({ name, values }, k) => {
        const moved = (to: ArrayLike<number>) => Float64Array.from(to, (w, i) => w - ours.initial[name][i]);
        return { name, ours: moved(values), theirs: moved(oracle.state[role].w[k]) };
      });
      const scale = Math.max(...moves.map(({ theirs }) => largest(theirs)));
      for (const { name, ours, theirs } of moves) {
        // A normalization cancels the bias before it, whose gradient is pure rounding error.
        const idle = largest(theirs) < 1e-9 * scale;
        const off = idle ? largest(ours) / scale : distance(ours, theirs);
        expect(off, name).toBeLessThan(50 * tolerance);
      }
    }
    parametersOf(ours.final, 'critic').forEach(({ name }, k) => {
      const u = ours.final[`normalization/${name}/u`];
      if (u) expect(distance(u, oracle.state.u![k]!), `u of ${name}`).toBeLessThan(50 * tolerance);
    });
  });

  it('equals PyTorch in float64, and so does the reference', async () => {
    const stored = pytorch[name]!;
    const ours = await trained(system);
    const oracle = (known ??= reference(system, ours.initial));
    expect(distance(ours.losses, stored.losses)).toBeLessThan(tolerance);
    expect(distance(oracle.losses, stored.losses)).toBeLessThan(1e-8);
    for (const role of ['generator', 'critic'] as const) {
      const start = parametersOf(ours.initial, role).map(({ values }) => values);
      const end = parametersOf(ours.final, role).map(({ values }) => values);
      expectMoves(movesOf(start, end), stored[role], 50 * tolerance, role);
      expectMoves(movesOf(start, oracle.state[role].w), stored[role], 1e-6, `reference, ${role}`);
    }
  });
});

describe("the cosine of the critic's step and its gradient", () => {
  const systems = Object.entries(ganSystems).filter(([name]) => !/DCGAN|residual|one parameter|f-GAN/.test(name));
  it.each(systems)('equals the float64 reference: %s', async (_, { system }) => {
    const ours = await trained({ ...system, stepCosine: true });
    const oracle = reference(system, ours.initial);
    expect(ours.cosines).toHaveLength(oracle.cosines.length);
    ours.cosines.forEach((cosine, k) => expect(Math.abs(cosine - oracle.cosines[k])).toBeLessThan(1e-3));
    // Nothing else changes.
    const without = await trained(system);
    expect(distance(ours.losses, without.losses)).toBeLessThan(1e-6);
  });
});

/** Moves of the same lengths and, in the numbers that are stored, the same, relative to the largest of each tensor. */
function expectMoves(moves: readonly Float64Array[], stored: StoredOutcome['critic'], tolerance: number, of: string) {
  expect(moves.length).toBe(stored.length);
  const longest = Math.max(...stored.map(({ norm }) => norm));
  moves.map(shorten).forEach(({ norm, some }, k) => {
    const wanted = stored[k]!;
    // A normalization cancels the bias before it, whose gradient is pure rounding error.
    if (wanted.norm < 1e-8 * longest) return expect(norm / longest, `${of} ${k}`).toBeLessThan(tolerance);
    expect(Math.abs(norm / wanted.norm - 1), `${of} ${k}`).toBeLessThan(tolerance);
    expect(distance(some, wanted.some), `${of} ${k}`).toBeLessThan(tolerance);
  });
}

it('PyTorch has trained every objective, divergence, constraint, optimizer, schedule, decay and normalization', () => {
  const trained = Object.entries(ganSystems).flatMap(([name, { system }]) => (pytorch[name] ? [system] : []));
  const covers = (of: (system: (typeof trained)[number]) => readonly unknown[], wanted: readonly unknown[]) =>
    expect(new Set(trained.flatMap(of))).toEqual(new Set(wanted));
  covers((s) => [s.objective.kind], Object.keys(objectives));
  covers(({ objective }) => (objective.kind === 'f-gan' ? [objective.divergence] : []), Object.keys(divergences));
  covers((s) => s.constraint.map(({ kind }) => kind), Object.keys(constraints));
  covers((s) => [s.optimizer.kind], Object.keys(optimizers));
  covers((s) => [s.optimizer.schedule], optimizers.adam.parameters.schedule.options);
  covers((s) => [s.weightDecay?.coupling ?? 'none'], ['none', 'coupled', 'decoupled']);
  covers(
    (s) => [s.generator, s.critic].flatMap((network) => ('normalization' in network ? [network.normalization] : [])),
    ['none', 'batch', 'layer', 'instance'],
  );
});
