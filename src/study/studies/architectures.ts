// WGAN, figures 5 to 7: three generators, from a DCGAN to a multilayer perceptron, each trained as a GAN, a WGAN and a
// WGAN-GP.
import { median } from '../../math/median';
import { pictureTable } from '../plots';
import { lastMean, type Study, type Trial } from '../study';

const generators = {
  DCGAN: { network: 'dcgan', filters: 16, initializer: 'he' },
  'no batch norm, constant filters': { network: 'dcgan-constant', filters: 16, initializer: 'he' },
  MLP: { network: 'mlp', depth: 3, width: 128 },
} as const;

const critic = { network: 'dcgan', filters: 16, normalization: 'none', initializer: 'he' } as const;

const systems = {
  GAN: {
    preset: 'gan',
    critic: { ...critic, normalization: 'batch' },
    optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999 },
  },
  WGAN: {
    preset: 'wgan',
    critic,
    constraint: { kind: 'clip', c: 0.05 },
    optimizer: { kind: 'rmsprop', learningRate: 2e-4 },
  },
  'WGAN-GP': { preset: 'wgan-gp', critic, optimizer: { kind: 'adam', learningRate: 4e-4, beta1: 0, beta2: 0.9 } },
} as const satisfies Record<string, Partial<Trial>>;

type System = keyof typeof systems;
type Generator = keyof typeof generators;
const systemNames = Object.keys(systems) as System[];
const generatorNames = Object.keys(generators) as Generator[];
const nameOf = (system: System, generator: Generator) => `${system}, ${generator}`;
const each = <T>(make: (system: System, generator: Generator) => T): T[] =>
  systemNames.flatMap((system) => generatorNames.map((generator) => make(system, generator)));

export const architectures: Study = {
  takes: ['data', 'latent', 'batchSize', 'steps'],
  trials: Object.fromEntries(
    each((system, generator) => [
      nameOf(system, generator),
      {
        data: { source: 'digits', size: 28, samples: 5000 },
        latent: { size: 32 },
        generator: generators[generator],
        batchSize: 64,
        steps: 500,
        metrics: ['swd'],
        samples: { every: 100, grid: [6, 6] },
        ...systems[system],
      } satisfies Trial,
    ]),
  ),
  conclude: (results) => {
    const rows = each((system, generator) => {
      const runs = results[nameOf(system, generator)];
      return { system, generator, run: runs[0], swd: runs.map((run) => lastMean(run.column('swd'), 0.25)) };
    });
    const of = (system: System) => rows.filter((row) => row.system === system).map(({ swd }) => swd);
    const range = (values: readonly number[]) =>
      `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
    const worst = (system: System) =>
      Math.max(...of(system).map((swd) => median(swd.map((value) => (Number.isNaN(value) ? Infinity : value)))));
    return {
      holds: worst('WGAN-GP') < worst('GAN'),
      verdict:
        `Over the three generators, the sliced Wasserstein distance to the data is ${systemNames.map((s) => `${range(of(s).flat())} (${s})`).join(', ')} ` +
        'after the same number of steps; smaller is better.',
      tables: {
        swd: {
          columns: ['GAN; per seed', ...generatorNames],
          rows: systemNames.map((system) => [
            system,
            ...of(system).map((swd) => swd.map((value) => value.toFixed(1)).join(' ')),
          ]),
        },
      },
      figure: pictureTable(
        rows.map(({ system, generator, run }) => ({ column: generator, row: system, png: run.samples })),
      ),
    };
  },
};
