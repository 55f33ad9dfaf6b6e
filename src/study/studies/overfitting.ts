// WGAN-GP, figure 5: on a small data set the critic's estimate on training samples and on held-out samples part.
import { median, medianFilter } from '../../math/median';
import { comparison } from '../plots';
import { lastMean, overSeeds, percent, type Study, type Trial } from '../study';

const trial = (samples: number): Trial => ({
  preset: 'wgan-gp',
  data: { source: 'digits', size: 16, samples, validation: 0.5 },
  latent: { size: 32 },
  generator: { network: 'mlp', depth: 2, width: 128 },
  critic: { network: 'mlp', depth: 3, width: 256 },
  constraint: { kind: 'gradient-penalty', lambda: 10 },
  optimizer: { kind: 'adam', learningRate: 5e-4, beta1: 0, beta2: 0.9 },
  batchSize: 64,
  steps: 2000,
  metrics: [],
  // The estimate on held-out samples is taken at these steps.
  samples: { every: 20 },
});

const sizes = { small: 400, large: 20_000 } as const;
type Size = keyof typeof sizes;
const names = Object.keys(sizes) as Size[];

export const overfitting: Study = {
  takes: ['latent', 'generator', 'critic', 'constraint', 'optimizer', 'batchSize', 'steps'],
  trials: Object.fromEntries(names.map((name) => [`${sizes[name] / 2} samples`, trial(sizes[name])])),
  conclude: (results) => {
    const measured = names.map((name) => {
      const runs = results[`${sizes[name] / 2} samples`];
      const gaps = runs.map((run) => {
        const train = lastMean(run.column('estimate'), 0.2);
        return (train - lastMean(run.column('validationEstimate'), 0.2)) / train;
      });
      return { name, gaps, run: runs[0] };
    });
    const [small, large] = measured.map(({ gaps }) => gaps);
    return {
      holds: median(small) > 0.3 && median(large) < 0.1,
      verdict:
        `At the end, the estimate on held-out samples is ${overSeeds(small, percent)} below that on the ${sizes.small / 2} training samples, ` +
        `and ${overSeeds(large, percent)} with ${(sizes.large / 2).toLocaleString('en')} training samples.`,
      tables: {
        gap: {
          columns: ['training samples', 'relative gap, per seed'],
          rows: measured.map(({ name, gaps }) => [sizes[name] / 2, gaps.map((gap) => gap.toFixed(3)).join(' ')]),
        },
      },
      figure: comparison({
        x: 'step',
        panels: measured.map(({ name, run }) => ({
          title: `${(sizes[name] / 2).toLocaleString('en')} training samples`,
          y: 'estimate',
          points: {},
          lines: Object.fromEntries(
            (['estimate', 'validationEstimate'] as const).map((column) => [
              column === 'estimate' ? 'training samples' : 'held-out samples',
              [...medianFilter(run.column(column), 101)]
                .map((value, k) => [k + 1, value] as const)
                .filter((_, k) => k % 20 === 19),
            ]),
          ),
        })),
      }),
    };
  },
};
