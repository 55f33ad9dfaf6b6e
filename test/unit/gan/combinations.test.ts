// Every objective with every constraint, alone and all together: training steps are finite, change every weight that
// they should, and equal the float64 oracle.
import { describe, expect, test } from 'vitest';
import {
  constraints,
  divergences,
  objectives,
  type CatalogNetworkConfig,
  type ConstraintConfig,
  type ConstraintId,
  type DivergenceId,
  type ObjectiveConfig,
  type ObjectiveId,
} from '../../../src/catalog';
import { distance, parametersOf, reference, trained, type GanSystem } from '../../support/ganRun';

const mlp: CatalogNetworkConfig<'mlp'> = {
  network: 'mlp',
  depth: 1,
  width: 4,
  normalization: 'none',
  activation: 'tanh',
  initializer: 'glorot',
};
const tiny: Omit<GanSystem, 'objective' | 'constraint'> = {
  ...{ shape: [2], latent: 2, batch: 4, generator: mlp, critic: mlp },
  optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.5, schedule: 'constant' },
};

/** Every objective with its defaults, and an f-GAN with every divergence. */
const allObjectives: readonly ObjectiveConfig[] = (Object.keys(objectives) as ObjectiveId[]).flatMap(
  (kind): ObjectiveConfig[] => {
    if (kind === 'f-gan')
      return (Object.keys(divergences) as DivergenceId[]).map((divergence) => ({
        kind,
        divergence,
        nonSaturating: false,
      }));
    return [withDefaults(kind, objectives[kind].parameters) as ObjectiveConfig];
  },
);
const allConstraints = (Object.keys(constraints) as ConstraintId[]).map(
  (kind) => withDefaults(kind, constraints[kind].parameters) as ConstraintConfig,
);
const lists: Readonly<Record<string, readonly ConstraintConfig[]>> = {
  nothing: [],
  ...Object.fromEntries(allConstraints.map((c) => [c.kind, [c]])),
  everything: allConstraints,
};

const nameOf = (of: ObjectiveConfig): string => (of.kind === 'f-gan' ? `f-gan ${of.divergence}` : of.kind);

describe.each(allObjectives.map((objective) => [nameOf(objective), objective] as const))('%s', (_, objective) => {
  test.each(Object.entries(lists))(
    'trained with %s, has the losses and parameters of the reference',
    async (_, constraint) => {
      const system: GanSystem = { ...tiny, objective, constraint };
      const ours = await trained(system, undefined, 1);
      const oracle = reference(system, ours.initial, 1);
      // Relative to losses that may be near 0, such as a JS bound.
      expect(distance(ours.losses, oracle.losses)).toBeLessThan(5e-5);
      for (const role of ['generator', 'critic'] as const) {
        parametersOf(ours.final, role).forEach(({ name, values }, k) => {
          expect(distance(values, oracle.state[role].w[k]), name).toBeLessThan(1e-5);
          // The last bias of a critic has no gradient in a difference of means, nor in a penalty.
          if (!/critic\/03/.test(name)) expect(distance(values, ours.initial[name]), name).toBeGreaterThan(1e-8);
        });
      }
      for (const [name, values] of Object.entries(ours.final)) expect(values.every(Number.isFinite), name).toBe(true);
    },
  );
});

function withDefaults(kind: string, parameters: Readonly<Record<string, { readonly default: unknown }>>): object {
  return { kind, ...Object.fromEntries(Object.entries(parameters).map(([name, of]) => [name, of.default])) };
}
