// Which GANs cover all modes of a ring and of a grid of Gaussians, and why: one Gaussian fitted to two modes.
import { discretize, gaussianDensity, klDivergence } from '../../math/divergences';
import { median } from '../../math/median';
import { comparison } from '../plots';
import { lastMean, type Study, type Trial } from '../study';

const common = {
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 3, width: 128 },
  critic: { network: 'mlp', depth: 3, width: 128 },
  stabilization: { ema: 0.998 },
  batchSize: 128,
  steps: 3000,
  metrics: ['modes'],
  samples: { every: 250 },
} as const;

const adam = (learningRate: number, beta1: number, beta2: number) =>
  ({ kind: 'adam', learningRate, beta1, beta2, schedule: 'linear' }) as const;

/** The optimizers of the presets, with rates for small networks. */
const systems = {
  'GAN, minimax': { preset: 'gan', objective: 'minimax', optimizer: adam(1e-3, 0.5, 0.999) },
  'GAN, −log D': { preset: 'gan', optimizer: adam(1e-3, 0.5, 0.999) },
  LSGAN: { preset: 'lsgan', optimizer: { kind: 'rmsprop', learningRate: 8e-4, schedule: 'linear' } },
  WGAN: {
    preset: 'wgan',
    constraint: { kind: 'clip', c: 0.1 },
    optimizer: { kind: 'rmsprop', learningRate: 4e-4, schedule: 'linear' },
  },
  'WGAN-GP': {
    preset: 'wgan-gp',
    constraint: { kind: 'gradient-penalty', lambda: 0.1 },
    optimizer: adam(2e-3, 0, 0.9),
  },
} as const satisfies Record<string, Partial<Trial>>;

const mixtures = {
  ring: { source: 'gaussians-ring', modes: 8 },
  grid: { source: 'gaussians-grid', modes: 25 },
} as const;

type System = keyof typeof systems;
type Mixture = keyof typeof mixtures;
const nameOf = (system: System, mixture: Mixture) => `${system} on the ${mixture}`;
const each = <T>(make: (system: System, mixture: Mixture) => T): T[] =>
  (Object.keys(mixtures) as Mixture[]).flatMap((m) => (Object.keys(systems) as System[]).map((s) => make(s, m)));

export const modeCollapse: Study = {
  takes: ['latent', 'generator', 'critic', 'stabilization', 'batchSize', 'steps'],
  trials: Object.fromEntries(
    each((system, mixture) => [
      nameOf(system, mixture),
      { ...common, data: { source: mixtures[mixture].source }, ...systems[system] },
    ]),
  ),
  conclude: (results) => {
    const covered = each((system, mixture) => {
      const modes = results[nameOf(system, mixture)].map((run) => lastMean(run.column('modes'), 0.05));
      return { system, mixture, modes, share: median(modes) / mixtures[mixture].modes };
    });
    const shareOf = (system: System, mixture: Mixture) =>
      covered.find((one) => one.system === system && one.mixture === mixture)!.share;
    const critics = ['WGAN', 'WGAN-GP'] as const;
    const holds = critics.every((system) => shareOf(system, 'ring') === 1 && shareOf(system, 'grid') >= 0.9);
    const forward = fit((p, q) => klDivergence(p, q));
    const reverse = fit((p, q) => klDivergence(q, p));
    const text = (system: System) =>
      `${system} ${(['ring', 'grid'] as const).map((m) => `${Math.round(shareOf(system, m) * mixtures[m].modes)} of ${mixtures[m].modes}`).join(' and ')}`;
    return {
      holds,
      verdict:
        `Modes covered on ring and grid: ${(Object.keys(systems) as System[]).map(text).join('; ')}. One Gaussian fitted to two modes ` +
        `spreads over both under KL (σ ${forward.deviation.toFixed(2)}) and takes one of them under reverse KL (mean ${reverse.mean.toFixed(2)}).`,
      tables: {
        modes: {
          columns: ['GAN', 'data', 'modes covered, per seed', 'modes'],
          rows: covered.map(({ system, mixture, modes }) => [
            system,
            mixture,
            modes.map((m) => Math.round(m)).join(' '),
            mixtures[mixture].modes,
          ]),
        },
        fit: {
          columns: ['divergence', 'mean', 'standard deviation'],
          rows: [
            ['KL(p‖q)', forward.mean, forward.deviation],
            ['KL(q‖p)', reverse.mean, reverse.deviation],
          ],
        },
      },
      figure: comparison({
        x: 'step',
        columns: 3,
        panels: [
          ...(Object.keys(mixtures) as Mixture[]).map((mixture) => ({
            title: `Modes covered: ${mixture}`,
            y: `modes of ${mixtures[mixture].modes}`,
            points: {},
            lines: Object.fromEntries(
              (Object.keys(systems) as System[]).map((system) => {
                const modes = results[nameOf(system, mixture)][0].column('modes');
                return [system, [...modes].flatMap((m, k) => (Number.isNaN(m) ? [] : [[k + 1, m] as const]))];
              }),
            ),
          })),
          {
            title: 'One Gaussian fitted to two modes',
            x: 'x',
            y: 'density',
            points: {},
            lines: Object.fromEntries(
              Object.entries({
                'two modes': target,
                'least KL': gaussianDensity(forward.mean, forward.deviation),
                'least reverse KL': gaussianDensity(reverse.mean, reverse.deviation),
              }).map(([name, density]) => [
                name,
                [...line].filter((_, k) => k % 4 === 0).map((x) => [x, density(x)] as const),
              ]),
            ),
          },
        ],
      }),
    };
  },
};

const line = Float64Array.from({ length: 401 }, (_, k) => -5 + k / 40);
const target = (x: number): number => 0.5 * gaussianDensity(-1.5, 0.4)(x) + 0.5 * gaussianDensity(1.5, 0.4)(x);

/** The mean and deviation of the Gaussian q with the least divergence from the two modes p, by a grid search. */
function fit(divergence: (p: Float64Array, q: Float64Array) => number): { mean: number; deviation: number } {
  const p = discretize(target, line);
  let best = { mean: 0, deviation: 1, value: Infinity };
  for (let mean = 0; mean <= 2; mean += 0.05) {
    for (let deviation = 0.2; deviation <= 3; deviation += 0.05) {
      const value = divergence(p, discretize(gaussianDensity(mean, deviation), line));
      if (value < best.value) best = { mean, deviation, value };
    }
  }
  return best;
}
