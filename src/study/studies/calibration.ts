// Critics of different shape on the same fixed pair of distributions: the ratio of their estimates is that of their
// Lipschitz constants, whatever the distance, for clipped critics, but not under a gradient penalty.
import { median } from '../../math/median';
import { comparison } from '../plots';
import { lastMean, percent, type Study, type Trial } from '../study';

const distances = [0.25, 0.5, 1, 2];

const common = (distance: number) =>
  ({
    data: { source: 'vertical-line', theta: 0 },
    latent: { size: 1, distribution: 'uniform01' },
    generator: { network: 'shift', theta: distance },
    objective: 'wgan',
    criticSteps: 5,
    metrics: [],
    batchSize: 128,
    steps: 400,
  }) as const;

const frozen = { kind: 'sgd', learningRate: 0 } as const;

const clipped =
  (width: number, depth: number) =>
  (distance: number): Trial => ({
    ...common(distance),
    critic: { network: 'mlp', depth, width },
    constraint: { kind: 'clip', c: 0.1 },
    optimizer: { generator: frozen, critic: { kind: 'rmsprop', learningRate: 1e-3, schedule: 'linear' } },
  });

const penalized =
  (lambda: number) =>
  (distance: number): Trial => ({
    ...common(distance),
    critic: { network: 'mlp', depth: 3, width: 64 },
    constraint: { kind: 'gradient-penalty', lambda },
    optimizer: {
      generator: frozen,
      critic: { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9, schedule: 'linear' },
    },
  });

const critics = {
  'clipped, 2 × 32': clipped(32, 2),
  'clipped, 3 × 64': clipped(64, 3),
  'penalty, λ = 10': penalized(10),
  'penalty, λ = 0.1': penalized(0.1),
} as const;

type Critic = keyof typeof critics;
const names = Object.keys(critics) as Critic[];
const trialName = (critic: Critic, distance: number) => `${critic} at ${distance}`;

export const calibration: Study = {
  takes: 'it needs two lines, whose distance is known',
  trials: Object.fromEntries(
    names.flatMap((critic) => distances.map((d) => [trialName(critic, d), critics[critic](d)] as const)),
  ),
  conclude: (results) => {
    const estimate = (critic: Critic, distance: number) =>
      median(results[trialName(critic, distance)].map((run) => lastMean(run.column('estimate'))));
    const ratios = (a: Critic, b: Critic) => distances.map((d) => estimate(a, d) / estimate(b, d));
    const [forClipped, forPenalized] = [
      ratios('clipped, 3 × 64', 'clipped, 2 × 32'),
      ratios('penalty, λ = 0.1', 'penalty, λ = 10'),
    ];
    const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values) - 1;
    const [clipSpread, penaltySpread] = [spread(forClipped), spread(forPenalized)];
    /** The optimum of K·W − λ(K − 1)² is K = 1 + W/(2λ). */
    const predicted = distances.map((d) => (1 + d / 0.2) / (1 + d / 20));
    const error = Math.max(...predicted.map((ratio, k) => Math.abs(forPenalized[k] / ratio - 1)));
    return {
      holds: error < 0.05 && clipSpread < penaltySpread / 2,
      verdict:
        `Over an eightfold range of distances, the ratio of the estimates of two clipped critics varies by ${percent(clipSpread)}: one factor ` +
        `calibrates them up to that residue. That of two critics with different λ varies by ${percent(penaltySpread)}, within ` +
        `${percent(error)} of what 1 + W/(2λ) predicts: no factor calibrates them.`,
      tables: {
        estimates: {
          columns: ['W (exact)', ...names],
          rows: distances.map((d) => [d, ...names.map((critic) => estimate(critic, d))]),
        },
        ratios: {
          columns: ['W (exact)', 'two clipped critics', 'λ = 0.1 to λ = 10', 'predicted by 1 + W/(2λ)'],
          rows: distances.map((d, k) => [d, forClipped[k], forPenalized[k], predicted[k]]),
        },
      },
      figure: comparison({
        x: 'W (exact)',
        logarithmic: { x: true },
        panels: [
          {
            title: 'Estimates',
            y: 'K·W',
            logarithmic: true,
            points: Object.fromEntries(names.map((c) => [c, distances.map((d) => [d, estimate(c, d)] as const)])),
            lines: { W: distances.map((d) => [d, d] as const) },
          },
          {
            title: 'Ratio of two estimates, relative to its first value',
            y: 'ratio',
            points: {
              'two clipped critics': distances.map((d, k) => [d, forClipped[k] / forClipped[0]] as const),
              'λ = 0.1 to λ = 10': distances.map((d, k) => [d, forPenalized[k] / forPenalized[0]] as const),
            },
            lines: { 'predicted for λ': distances.map((d, k) => [d, predicted[k] / predicted[0]] as const) },
          },
        ],
      }),
    };
  },
};
