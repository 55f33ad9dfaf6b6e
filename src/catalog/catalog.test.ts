// The catalog is consistent data, and the types derived from it are the intended ones.
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as catalog from './index';
import type {
  ConstraintConfig,
  DataConfig,
  Descriptor,
  DivergenceId,
  Entry,
  EvaluatedMetricId,
  MetricId,
  NetworkConfig,
  ObjectiveConfig,
  ObjectiveId,
  OptimizerConfig,
  RunSettings,
  Written,
} from './index';

const { constraints, dataSources, metrics, networks, objectives, optimizers, presets } = catalog;
const tables = { constraints, dataSources, metrics, networks, objectives, optimizers };
const entries: [string, Entry][] = Object.entries(tables).flatMap(([family, table]) =>
  Object.entries<Entry>(table).map(([id, entry]): [string, Entry] => [`${family}.${id}`, entry]),
);
const settingTables = {
  runSettings: catalog.runSettings,
  latentSettings: catalog.latentSettings,
  stabilizationSettings: catalog.stabilizationSettings,
  instanceNoiseSettings: catalog.instanceNoiseSettings,
  weightDecaySettings: catalog.weightDecaySettings,
  untilOptimalSettings: catalog.untilOptimalSettings,
  samplesSettings: catalog.samplesSettings,
  gridSettings: catalog.gridSettings,
  checkpointsSettings: catalog.checkpointsSettings,
  healthSettings: catalog.healthSettings,
};
const descriptors: [string, Descriptor][] = [
  ...entries.map(([id, { parameters }]) => [id, parameters] as const),
  ...Object.entries(settingTables),
].flatMap(([owner, table]) =>
  Object.entries<Descriptor>(table).map(([name, descriptor]): [string, Descriptor] => [`${owner}.${name}`, descriptor]),
);

describe('data', () => {
  test('writes ids in kebab-case and settings in camelCase', () => {
    for (const [id] of entries) expect(id.split('.')[1]).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const [id] of descriptors) expect(id.split('.').pop()).toMatch(/^[a-z][a-zA-Z0-9]*$/);
  });

  test.each([...entries, ...descriptors, ...Object.entries(presets)])(
    '%s has a description in whole sentences',
    (_, { text }) => {
      expect(text).toMatch(/^["A-Z0-9ε].*\.$/su);
      expect(text).not.toMatch(/—|–/);
    },
  );

  test('divergence cautions are complete sentences at the end of the option text', () => {
    const shown: readonly string[] = objectives['f-gan'].parameters.divergence.optionTexts;
    for (const { caution } of Object.values<catalog.DivergenceEntry>(catalog.divergences)) {
      if (caution === undefined) continue;
      expect(caution).toMatch(/^[\w"].*\.$/);
      expect(shown.some((text) => text.endsWith(caution))).toBe(true);
    }
  });

  test.each(descriptors)('%s has valid defaults', (_, descriptor) => {
    const given = descriptor.default;
    const defaults = typeof given === 'object' && given !== null ? Object.values(given) : [given];
    for (const value of defaults) expect(value === undefined || allows(descriptor, value)).toBe(true);
    if ('example' in descriptor) expect(allows(descriptor, descriptor.example)).toBe(true);
  });

  test('presets have the settings of their papers', () => {
    expect(presets.wgan.settings).toEqual({
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'clip', c: 0.01 }],
      optimizer: { kind: 'rmsprop', learningRate: 0.00005, rho: 0.99, epsilon: 1e-8 },
      criticSteps: 5,
      batchSize: 64,
    });
    expect(presets['wgan-gp'].settings).toMatchObject({
      constraint: [{ lambda: 10, target: 1, sides: 'two' }],
      optimizer: { kind: 'adam', learningRate: 0.0001, beta1: 0, beta2: 0.9 },
      criticSteps: 5,
    });
    expect(presets.gan.settings.optimizer).toMatchObject({ learningRate: 0.0002, beta1: 0.5 });
    expect(objectives['non-saturating'].estimate.theory.value).toBeCloseTo(0.6931471805599453, 15);
  });
});

/** Whether the descriptor allows a value. */
function allows(descriptor: Descriptor, value: unknown): boolean {
  if (value === null && 'nullable' in descriptor) return descriptor.nullable === true;
  if (descriptor.type === 'choice') return (descriptor.options as readonly unknown[]).includes(value);
  if (descriptor.type === 'boolean') return typeof value === 'boolean';
  if (descriptor.type === 'string' || descriptor.type === 'path') return typeof value === 'string' && value !== '';
  if (descriptor.type === 'size')
    return (value === 'native' && descriptor.native === true) || (Number(value) >= 8 && Number(value) <= 1024);
  if (descriptor.type === 'columns') return value === null || Array.isArray(value);
  if (value === null) return descriptor.nullable === true;
  if (value === 'auto') return descriptor.auto === true;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (descriptor.type === 'integer' && !Number.isSafeInteger(value)) return false;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum } = descriptor;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return false;
  return value >= minimum && value <= maximum;
}

describe('types', () => {
  test('unions have exactly the parameters of their entries', () => {
    expectTypeOf<ObjectiveId>().toEqualTypeOf<
      'wgan' | 'non-saturating' | 'minimax' | 'ml-gan' | 'f-gan' | 'lsgan' | 'hinge'
    >();
    expectTypeOf<MetricId>().toEqualTypeOf<'modes' | 'w1' | 'swd' | EvaluatedMetricId>();
    expectTypeOf<EvaluatedMetricId>().toEqualTypeOf<
      'classes' | 'fid' | 'kid' | 'precision-recall' | 'density-coverage'
    >();
    expectTypeOf<ObjectiveConfig<'wgan' | 'hinge'>>().toEqualTypeOf<
      { readonly kind: 'wgan' } | { readonly kind: 'hinge' }
    >();
    expectTypeOf<ObjectiveConfig<'f-gan'>>().toEqualTypeOf<{
      readonly kind: 'f-gan';
      readonly divergence: DivergenceId;
      readonly nonSaturating: boolean;
    }>();
    expectTypeOf<ConstraintConfig<'clip' | 'gradient-penalty'>>().toEqualTypeOf<
      | { readonly kind: 'clip'; readonly c: number }
      | {
          readonly kind: 'gradient-penalty';
          readonly lambda: number;
          readonly target: number;
          readonly sides: 'two' | 'one';
        }
    >();
    expectTypeOf<OptimizerConfig<'rmsprop'>>().toEqualTypeOf<{
      readonly kind: 'rmsprop';
      readonly learningRate: number;
      readonly rho: number;
      readonly epsilon: number;
      readonly schedule: 'constant' | 'linear' | 'cosine';
    }>();
    expectTypeOf<DataConfig<'digits'>>().toEqualTypeOf<{
      readonly source: 'digits';
      readonly size: 16 | 28 | 32 | 64;
      readonly samples: number;
      readonly validation: number;
    }>();
    expectTypeOf<DataConfig<'swiss-roll'>['samples']>().toEqualTypeOf<number | null>();
    expectTypeOf<DataConfig<'images'>['flip']>().toEqualTypeOf<boolean>();
    expectTypeOf<RunSettings['threads']>().toEqualTypeOf<number | 'auto'>();
  });

  test('only parameters with a default may be omitted in a file', () => {
    expectTypeOf<Written<'source', typeof dataSources, 'images'>>().toExtend<{
      path: string;
      size?: number | readonly [number, number];
    }>();
    expectTypeOf<{ source: 'images' }>().not.toExtend<Written<'source', typeof dataSources>>();
    expectTypeOf<{ kind: 'gradient-penalty' }>().toExtend<Written<'kind', typeof constraints>>();
    expectTypeOf<{ kind: 'gradient-penalty' }>().not.toExtend<ConstraintConfig>();
  });

  test('a network is a catalog entry or a module', () => {
    expectTypeOf<{ module: string; export: string }>().toExtend<NetworkConfig>();
    expectTypeOf<{ network: 'mlp' }>().not.toExtend<NetworkConfig>();
  });
});

test('a time limit is never too long for a timer, which would end early', () => {
  expect(60_000 * catalog.limitsSettings.minutes.maximum).toBeLessThan(2 ** 31);
});
