// WGAN, Example 1 and figure 1: a critic and a discriminator are trained between two fixed lines at distance θ.
import { lastMean, type Results, type Study, type Trial } from '../study';
import { comparison, rule } from '../plots';

const thetas = [-1, -0.5, -0.25, 0, 0.25, 0.5, 1];

/** A generator that stays at θ; only the critic learns. */
const common = (theta: number) =>
  ({
    data: { source: 'vertical-line', theta: 0 },
    latent: { size: 1, distribution: 'uniform01' },
    generator: { network: 'shift', theta },
    critic: { network: 'mlp', depth: 3, width: 64 },
    criticSteps: 5,
    metrics: [],
    batchSize: 128,
  }) as const;

const frozen = { kind: 'sgd', learningRate: 0 } as const;
const adam = (learningRate: number, beta1: number, beta2: number) =>
  ({ generator: frozen, critic: { kind: 'adam', learningRate, beta1, beta2, schedule: 'linear' } }) as const;

const critic = (theta: number): Trial => ({
  ...common(theta),
  objective: 'wgan',
  constraint: { kind: 'gradient-penalty', lambda: 10 },
  optimizer: adam(1e-3, 0, 0.9),
  steps: 300,
});

const discriminator = (theta: number): Trial => ({
  ...common(theta),
  objective: 'minimax',
  constraint: null,
  optimizer: adam(2e-3, 0.5, 0.999),
  steps: 300,
});

const trialsOf = (name: string, trial: (theta: number) => Trial) =>
  thetas.map((theta) => [`${name} at ${theta}`, trial(theta)] as const);

export const parallelLines: Study = {
  takes: 'it needs two lines, whose distance is known',
  trials: Object.fromEntries([...trialsOf('W', critic), ...trialsOf('JS', discriminator)]),
  conclude: (results) => {
    const measured = thetas.map((theta) => ({
      theta,
      w: median(results, `W at ${theta}`, 'normalizedEstimate'),
      js: median(results, `JS at ${theta}`, 'estimate'),
    }));
    const apart = measured.filter(({ theta }) => theta !== 0);
    const together = measured.find(({ theta }) => theta === 0)!;
    const wError = Math.max(...apart.map(({ theta, w }) => Math.abs(w / Math.abs(theta) - 1)));
    const jsError = Math.max(...apart.map(({ js }) => Math.abs(js - Math.LN2)));
    const holds = wError < 0.05 && jsError < 0.02 && Math.abs(together.w) < 0.05 && Math.abs(together.js) < 0.02;
    return {
      holds,
      verdict:
        `The trained W is within ${(100 * wError).toFixed(1)}% of |θ|, and the trained JS within ${jsError.toPrecision(1)} of log 2, ` +
        `for θ ≠ 0; at θ = 0 they are ${together.w.toPrecision(1)} and ${together.js.toPrecision(1)}.`,
      tables: {
        distances: {
          columns: ['theta', 'W (trained)', 'W (exact)', 'JS (trained)', 'JS (exact)', 'TV (exact)', 'KL (exact)'],
          rows: measured.map(({ theta, w, js }) => {
            const same = theta === 0;
            return [theta, w, Math.abs(theta), js, same ? 0 : Math.LN2, same ? 0 : 1, same ? 0 : Infinity];
          }),
        },
      },
      figure: comparison({
        x: 'θ',
        panels: [
          {
            title: 'Wasserstein distance',
            y: 'W',
            points: { 'trained critic': measured.map(({ theta, w }) => [theta, w]) },
            lines: {
              '|θ|': [
                [-1, 1],
                [0, 0],
                [1, 1],
              ],
            },
          },
          {
            title: 'Jensen-Shannon divergence',
            y: 'JS (nats)',
            points: { 'trained discriminator': measured.map(({ theta, js }) => [theta, js]) },
            lines: { 'log 2, and 0 at θ = 0': rule(-1, 1, Math.LN2) },
          },
        ],
      }),
    };
  },
};

function median(results: Results, trial: string, column: string): number {
  const values = results[trial].map((each) => lastMean(each.column(column))).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}
