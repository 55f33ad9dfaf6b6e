// Resolving: the file overrides the preset, defaults are filled in, and a resolved experiment resolves to itself.
import { describe, expect, expectTypeOf, test } from 'vitest';
import { presets, type ObjectiveId } from '../catalog';
import { experimentSchema } from './schema';
import { parseExperiment, resolveExperiment, type Experiment, type ExperimentFile } from './index';
import { random, randomFile } from '../../test/support/randomExperiment';

const resolve = (file: unknown): Experiment => {
  const { experiment, problems } = parseExperiment(JSON.stringify(file), 'file.gan.json');
  expect(problems).toEqual([]);
  return experiment!;
};
const ring = { data: { source: 'gaussians-ring' } };
const digits = { data: { source: 'digits' } };

describe('defaults', () => {
  test('turn a file with only a data source into WGAN-GP with two small networks', () => {
    const adam = { kind: 'adam', learningRate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8, schedule: 'constant' };
    const mlp = { network: 'mlp', depth: 3, width: 128, normalization: 'none', activation: 'relu', initializer: 'he' };
    expect(resolve(ring)).toEqual({
      name: 'file',
      preset: null,
      data: {
        source: 'gaussians-ring',
        modes: 8,
        radius: 2,
        sigma: 0.02,
        scale: 1 / 1.414,
        samples: null,
        validation: 0,
      },
      latent: { size: 2, distribution: 'normal' },
      generator: mlp,
      critic: mlp,
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
      stabilization: { ema: null, labelSmoothing: null, instanceNoise: null, weightDecay: null },
      initialWeights: { generator: null, critic: null },
      criticSteps: 5,
      optimizer: { generator: adam, critic: adam },
      batchSize: 64,
      steps: 2000,
      seed: 1,
      seeds: 1,
      stepCosine: false,
      samples: { every: 200, batchNormStatistics: 'moving', grid: [8, 8] },
      checkpoints: { every: 500, minutes: 10, keep: 3, best: null },
      metrics: ['modes', 'w1'],
      evaluation: { samples: 1000, features: null, layer: null, range: '-1..1' },
      health: {
        unscaledData: 100,
        explodingEstimate: 1000,
        saturatedDiscriminator: 0.01,
        deadCritic: 1e-5,
        vanishedGradient: 1e-7,
        collapsedSamples: 0.1,
        gradientNorm: 3,
        memorizingCritic: 0.5,
        laggingCritic: 1,
      },
      engine: 'auto',
      device: 'auto',
      threads: 'auto',
      convolutions: 'fast',
    });
  });

  test('give images convolutional networks by role, and no metrics of points', () => {
    const dcgan = { network: 'dcgan', filters: 64, kernel: 4, slope: 0.2, initializer: 'normal:0.02' };
    expect(resolve(digits)).toMatchObject({
      latent: { size: 128 },
      generator: { ...dcgan, normalization: 'batch', activation: 'relu' },
      critic: { ...dcgan, normalization: 'none', activation: 'leaky-relu' },
      metrics: [],
    });
    expect(resolve({ data: { source: 'swiss-roll' } }).metrics).toEqual(['w1']);
  });

  test('follow the objective and the constraint if there is no preset', () => {
    expect(resolve({ ...ring, objective: 'non-saturating' })).toMatchObject({
      preset: null,
      constraint: [],
      criticSteps: 1,
      optimizer: { critic: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999 } },
    });
    expect(resolve({ ...ring, constraint: 'clip' })).toMatchObject({
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'clip', c: 0.01 }],
      optimizer: { generator: { kind: 'rmsprop', learningRate: 5e-5, rho: 0.99 } },
    });
  });
});

describe('presets', () => {
  test.each(Object.entries(presets))('%s has only settings that a file may have', (id, { settings }) => {
    expect(experimentSchema.safeParse({ ...digits, ...settings }).error).toBeUndefined();
    const { preset, ...named } = resolve({ ...digits, preset: id });
    const { preset: none, ...written } = resolve({ ...digits, ...settings });
    expect([preset, none]).toEqual([id, null]);
    expect(named).toEqual(written);
  });

  test('file settings override the preset one by one', () => {
    const experiment = resolve({
      ...digits,
      preset: 'dcgan',
      generator: { network: 'dcgan', filters: 8 },
      critic: { network: 'mlp' },
      optimizer: { kind: 'adam', learningRate: 1e-3 },
      latent: { size: 10 },
      batchSize: 4,
    });
    expect(experiment.generator).toMatchObject({ filters: 8, normalization: 'batch', kernel: 5 });
    expect(experiment.critic).toEqual({
      network: 'mlp',
      depth: 3,
      width: 128,
      normalization: 'none',
      activation: 'relu',
      initializer: 'he',
    });
    const adam = { kind: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, schedule: 'constant' };
    expect(experiment.optimizer).toEqual({ generator: adam, critic: adam });
    expect(experiment.latent).toEqual({ size: 10, distribution: 'uniform' });
    expect([experiment.batchSize, experiment.criticSteps]).toEqual([4, 1]);
  });

  test('choosing another optimizer drops all settings of the one in the preset', () => {
    const { optimizer } = resolve({ ...digits, preset: 'dcgan', optimizer: { kind: 'rmsprop' } });
    expect(optimizer.critic).toEqual({
      kind: 'rmsprop',
      learningRate: 5e-5,
      rho: 0.99,
      epsilon: 1e-8,
      schedule: 'constant',
    });
  });

  test('null removes the constraint; empty noise and decay get defaults', () => {
    const experiment = resolve({ ...ring, constraint: null, stabilization: { instanceNoise: {}, weightDecay: {} } });
    expect(experiment.constraint).toEqual([]);
    expect(experiment.stabilization).toEqual({
      ema: null,
      labelSmoothing: null,
      instanceNoise: { sigma: 0.1, schedule: 'linear', steps: null },
      weightDecay: { rate: 0.001, coupling: 'coupled', appliesTo: 'critic' },
    });
  });

  test("criticSteps is a number, the authors' schedule, or a rule with its defaults", () => {
    expect(resolve(ring).criticSteps).toBe(5);
    expect(resolve({ ...ring, criticSteps: 'authors' }).criticSteps).toBe('authors');
    expect(resolve({ ...ring, criticSteps: { untilOptimal: {} } }).criticSteps).toEqual({
      untilOptimal: { tolerance: 0.01, window: 10, max: 200 },
    });
  });

  test('a module without an export uses the role as the export name', () => {
    const experiment = resolve({ ...digits, critic: { module: './c.ts' }, generator: { module: 'g.js', export: 'g' } });
    expect([experiment.generator, experiment.critic]).toEqual([
      { module: 'g.js', export: 'g' },
      { module: './c.ts', export: 'critic' },
    ]);
  });
});

describe('properties over 500 random files', () => {
  const files = Array.from({ length: 500 }, (_, seed) => randomFile(random(seed)));

  test('a resolved experiment round-trips through JSON', () => {
    for (const file of files) {
      const experiment = resolve(file);
      expect(resolve(experiment)).toEqual(experiment);
      expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
    }
  });

  test('every setting of the file is kept', () => {
    for (const { objective, constraint, optimizer, metrics, ...rest } of files) {
      const { preset, ...given } = rest as { preset?: string };
      const experiment = resolve({ ...rest, objective, constraint, optimizer, metrics });
      expect(experiment).toMatchObject(given);
      expect(experiment.preset).toBe(preset ?? null);
      if (typeof objective === 'object') expect(experiment.objective).toMatchObject(objective as object);
      if (typeof objective === 'string') expect(experiment.objective).toMatchObject({ kind: objective });
      if (constraint === null) expect(experiment.constraint).toEqual([]);
      if (Array.isArray(constraint)) expect(experiment.constraint).toHaveLength(constraint.length);
      if (metrics !== undefined) expect(experiment.metrics).toEqual(metrics);
      const one = optimizer as { kind?: string } | undefined;
      if (one?.kind !== undefined) expect(experiment.optimizer).toMatchObject({ generator: one, critic: one });
      else if (one !== undefined) expect(experiment.optimizer).toMatchObject(one);
    }
  });
});

test('types: a resolved experiment is a valid file, and a file needs only data', () => {
  expectTypeOf<{ data: { source: 'digits' } }>().toExtend<ExperimentFile>();
  expectTypeOf<{ steps: number }>().not.toExtend<ExperimentFile>();
  expectTypeOf<Experiment['stabilization']['instanceNoise']>().toBeNullable();
  expectTypeOf<ExperimentFile['objective']>().extract<string>().toEqualTypeOf<ObjectiveId>();
  expectTypeOf(resolveExperiment).returns.toEqualTypeOf<Experiment>();
});
