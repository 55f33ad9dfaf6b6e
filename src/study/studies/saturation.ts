// WGAN, figure 2: between two Gaussians that are far apart, the discriminator saturates, and the critic stays linear.
import { comparison } from '../plots';
import { overSeeds, percent, type Study, type Trial } from '../study';

/** Real samples around (3, 0) and generated ones around (0, 0), both with deviation 0.5. */
const common = {
  data: { source: 'gaussians-ring', modes: 1, radius: 3, sigma: 0.5 },
  latent: { size: 2, distribution: 'normal' },
  generator: { network: 'linear', mean: 0, deviation: 0.5 },
  critic: { network: 'mlp', depth: 3, width: 64, activation: 'tanh' },
  criticSteps: 5,
  metrics: [],
  batchSize: 256,
  steps: 400,
} as const;

const frozen = { kind: 'sgd', learningRate: 0 } as const;

const trials: Readonly<Record<string, Trial>> = {
  'GAN discriminator': {
    ...common,
    objective: 'minimax',
    constraint: null,
    optimizer: { generator: frozen, critic: { kind: 'adam', learningRate: 2e-3, beta1: 0.5, beta2: 0.999 } },
  },
  'WGAN-GP critic': {
    ...common,
    objective: 'wgan',
    constraint: { kind: 'gradient-penalty', lambda: 10 },
    optimizer: {
      generator: frozen,
      critic: { kind: 'adam', learningRate: 2e-3, beta1: 0, beta2: 0.9, schedule: 'linear' },
    },
  },
};

/** From the center of the generated samples, at 0, beyond that of the real ones. */
const from = -1.5;
const to = 4.5;
const positions = Float32Array.from({ length: 121 }, (_, k) => from + (k / 120) * (to - from));
const section = Float32Array.from({ length: 242 }, (_, k) => (k % 2 === 0 ? positions[k / 2] : 0));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** |f′| by central differences. */
const slopes = (values: readonly number[]): number[] =>
  values.map((_, k) => {
    const [a, b] = [Math.max(0, k - 1), Math.min(values.length - 1, k + 1)];
    return Math.abs(values[b] - values[a]) / (positions[b] - positions[a]);
  });

export const saturation: Study = {
  takes: 'it draws a section through its two Gaussians',
  trials,
  conclude: async (results) => {
    const seeds = await Promise.all(
      results['GAN discriminator'].map(async (run, k) => {
        const discriminator = [...(await run.scores(section))].map(sigmoid);
        const critic = [...(await results['WGAN-GP critic'][k].scores(section))];
        return { discriminator, critic, gan: slopes(discriminator), wgan: slopes(critic) };
      }),
    );
    const [{ discriminator, critic, gan, wgan }] = seeds;
    const atFake = positions.findIndex((x) => x >= 0);
    const between = seeds.map(({ wgan }) => wgan.filter((_, k) => positions[k] >= 0 && positions[k] <= 3));
    const spreads = between.map((slope) => Math.max(...slope) / Math.min(...slope) - 1);
    const [ganSlopes, criticSlopes] = [seeds.map(({ gan }) => gan[atFake]), seeds.map(({ wgan }) => wgan[atFake])];
    return {
      holds: Math.max(...ganSlopes) < 0.01 && Math.max(...spreads) < 0.5 && Math.min(...between.flat()) > 0.5,
      verdict:
        `At the center of the generated samples the slope of the discriminator is ${overSeeds(ganSlopes, (slope) => slope.toExponential(1))}; ` +
        `that of the critic is ${overSeeds(criticSlopes, (slope) => slope.toFixed(2))}, and between the two distributions it stays within ` +
        `${overSeeds(spreads, percent)}.`,
      tables: {
        section: {
          columns: ['x', 'discriminator', 'critic', 'slope of the discriminator', 'slope of the critic'],
          rows: [...positions].map((x, k) => [x, discriminator[k], critic[k], gan[k], wgan[k]]),
        },
      },
      figure: comparison({
        x: 'x',
        panels: [
          {
            title: 'Along the line through both centers (0 and 3)',
            y: 'output, rescaled to [0, 1]',
            points: {},
            lines: {
              'GAN discriminator': curve(discriminator),
              'WGAN-GP critic': curve(rescaled(critic)),
            },
          },
          {
            title: 'Slope: what the generator learns from',
            y: '|f′(x)|',
            logarithmic: true,
            points: {},
            lines: { 'GAN discriminator': curve(gan), 'WGAN-GP critic': curve(wgan) },
          },
        ],
      }),
    };
  },
};

const curve = (values: readonly number[]) => values.map((value, k) => [positions[k], value] as const);

function rescaled(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - low) / (high - low));
}
