// WGAN, figures 3 and 4: the critic's estimate falls as samples improve; the JS estimate of a GAN does not.
import { spearman, spearmanInterval } from '../../math/rankCorrelation';
import { comparison } from '../plots';
import { median } from '../../math/median';
import { overSeeds, type Study, type Trial, type TrialResult } from '../study';

const common = {
  data: { source: 'gaussians-grid', side: 5 },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 3, width: 128 },
  critic: { network: 'mlp', depth: 3, width: 128 },
  batchSize: 128,
  steps: 3000,
  metrics: ['w1'],
  samples: { every: 30 },
} as const;

const adam = (learningRate: number, beta1: number, beta2: number) =>
  ({ kind: 'adam', learningRate, beta1, beta2, schedule: 'linear' }) as const;

/** The systems of the mode-collapse study, which train on these data. */
const systems = {
  'WGAN-GP': {
    preset: 'wgan-gp',
    constraint: { kind: 'gradient-penalty', lambda: 0.1 },
    optimizer: adam(2e-3, 0, 0.9),
  },
  WGAN: {
    preset: 'wgan',
    constraint: { kind: 'clip', c: 0.1 },
    optimizer: { kind: 'rmsprop', learningRate: 4e-4, schedule: 'linear' },
    // Until its weights have reached ±c, K grows: the authors' code trains the critic longer at first.
    criticSteps: 'authors',
  },
  'GAN, −log D': { preset: 'gan', optimizer: adam(1e-3, 0.5, 0.999) },
} as const satisfies Record<string, Partial<Trial>>;

type System = keyof typeof systems;
const names = Object.keys(systems) as System[];

/** Smoothing of the estimate, in steps: the mean over the steps since the last exact W₁. */
const window = common.samples.every;

/** Pairs of the estimate and the exact W₁ at the steps where W₁ was computed. */
function pairs(run: TrialResult): { steps: number[]; estimate: number[]; w1: number[] } {
  const [estimate, w1] = [run.column('estimate'), run.column('w1')];
  const steps = [...w1].flatMap((value, k) => (Number.isNaN(value) || k < window ? [] : [k]));
  const mean = (k: number) => estimate.subarray(k + 1 - window, k + 1).reduce((a, b) => a + b, 0) / window;
  return { steps: steps.map((k) => k + 1), estimate: steps.map(mean), w1: steps.map((k) => w1[k]) };
}

export const correlation: Study = {
  takes: ['data', 'latent', 'generator', 'critic', 'batchSize', 'steps'],
  trials: Object.fromEntries(names.map((name) => [name, { ...common, ...systems[name] }])),
  conclude: (results) => {
    const measured = names.map((name) => {
      const series = pairs(results[name][0]);
      const seeds = results[name].map((run) => {
        const each = pairs(run);
        return spearman(each.estimate, each.w1);
      });
      return { name, series, seeds, interval: spearmanInterval(series.estimate, series.w1) };
    });
    const of = (name: System) => measured.find((one) => one.name === name)!;
    const least = Math.min(...of('WGAN-GP').seeds);
    const holds = of('WGAN-GP').interval.low > 0.5 && least > median(of('GAN, −log D').seeds);
    const text = ({ name, seeds, interval }: (typeof measured)[number]) =>
      `${name} ${overSeeds(seeds, (rho) => rho.toFixed(2))}, ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
    return {
      holds,
      verdict: `Rank correlation of the estimate with the exact W₁ during training, with the 95% interval of the first seed: ${measured.map(text).join('; ')}.`,
      tables: {
        correlation: {
          columns: ['GAN', 'Spearman, per seed', 'low', 'high'],
          rows: measured.map(({ name, seeds, interval }) => [
            name,
            seeds.map((rho) => rho.toFixed(3)).join(' '),
            interval.low,
            interval.high,
          ]),
        },
      },
      figure: comparison({
        x: 'step',
        columns: 3,
        panels: measured.map(({ name, series }) => ({
          title: name,
          y: 'relative to its largest value',
          points: {},
          lines: {
            estimate: relative(series.steps, series.estimate),
            'exact W₁': relative(series.steps, series.w1),
          },
        })),
      }),
    };
  },
};

/** Values at steps, divided by the largest absolute value. */
function relative(steps: readonly number[], values: readonly number[]): (readonly [number, number])[] {
  const largest = Math.max(...values.map(Math.abs));
  return steps.map((step, k) => [step, values[k] / largest] as const);
}
