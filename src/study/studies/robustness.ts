// WGAN-GP, section 4 and table 2, at toy size: random architectures, each trained as a GAN and as a WGAN-GP.
import { generator } from '../../math/random';
import { comparison } from '../plots';
import { type CountedStudy, lastMean, type Study, type Trial } from '../study';

/** W₁ to the data below which a training counts as a success; that of two sets of real samples is about 0.1. */
const thresholds = [0.8, 0.4, 0.25] as const;

/** The i-th architecture, a function of i alone: depth, width, activation and normalization of both networks. */
function architecture(i: number): Pick<Trial, 'generator' | 'critic'> {
  const uniform = generator({ seed: 1, stream: 'architecture', step: i });
  const pick = <T>(list: readonly T[]): T => list[Math.floor(uniform() * list.length)];
  const network = () => ({
    network: 'mlp' as const,
    depth: pick([1, 2, 4, 8]),
    width: pick([32, 64, 128]),
    activation: pick(['relu', 'leaky-relu', 'tanh', 'smooth-elu'] as const),
  });
  const [g, d] = [network(), network()];
  const normalized = uniform() < 0.5;
  return {
    generator: { ...g, normalization: normalized ? 'batch' : 'none' },
    critic: { ...d, normalization: normalized ? 'layer' : 'none' },
  };
}

const common = {
  data: { source: 'gaussians-ring' },
  latent: { size: 2 },
  batchSize: 128,
  steps: 1500,
  metrics: ['w1'],
  samples: { every: 150 },
} as const;

const systems = {
  GAN: { preset: 'gan', optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999 } },
  'WGAN-GP': {
    preset: 'wgan-gp',
    constraint: { kind: 'gradient-penalty', lambda: 0.1 },
    optimizer: { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9 },
  },
} as const satisfies Record<string, Partial<Trial>>;

const nameOf = (system: keyof typeof systems, i: number) => `${system} ${i + 1}`;
export const robustness: CountedStudy = { count: 12, cases: 'random architectures', of: pairedTrainings };

function pairedTrainings(architectures: number): Study {
  const indices = Array.from({ length: architectures }, (_, i) => i);
  return {
    takes: 'its architectures are random, and its thresholds of W₁ belong to its data',
    trials: Object.fromEntries(
      indices.flatMap((i) =>
        (['GAN', 'WGAN-GP'] as const).map(
          (s) => [nameOf(s, i), { ...common, ...systems[s], ...architecture(i) }] as const,
        ),
      ),
    ),
    conclude: (results) => {
      const last = (system: keyof typeof systems, i: number) =>
        results[nameOf(system, i)].map((run) => {
          const w1 = lastMean(run.column('w1'), 0.2);
          return Number.isNaN(w1) ? Infinity : w1;
        });
      const perArchitecture = indices.map((i) => ({ gan: last('GAN', i), gp: last('WGAN-GP', i) }));
      const pairs = perArchitecture.flatMap(({ gan, gp }) => gan.map((w1, seed) => [w1, gp[seed]] as const));
      const count = (condition: (gan: boolean, gp: boolean) => boolean, threshold: number) =>
        pairs.filter(([gan, gp]) => condition(gan < threshold, gp < threshold)).length;
      const rows = thresholds.map((threshold) => [
        threshold,
        count((gan, gp) => gan && !gp, threshold),
        count((gan, gp) => !gan && gp, threshold),
        count((gan, gp) => gan && gp, threshold),
        count((gan, gp) => !gan && !gp, threshold),
      ]);
      const seeds = pairs.length / architectures;
      const each = seeds === 1 ? '' : `, each with ${seeds} seeds (${pairs.length} pairs)`;
      const text = ([threshold, onlyGan, onlyGp, both]: readonly number[]) =>
        `W₁ < ${threshold} is reached by ${onlyGp} only as WGAN-GP, ${onlyGan} only as GAN and ${both} as both`;
      return {
        holds: rows.every(([, onlyGan, onlyGp]) => onlyGp > onlyGan),
        verdict: `Of ${architectures} random architectures${each}, ${rows.map(text).join('; ')}.`,
        tables: {
          successes: { columns: ['W₁ below', 'only GAN', 'only WGAN-GP', 'both', 'neither'], rows },
          architectures: {
            columns: ['architecture', 'generator', 'critic', 'W₁ of GAN', 'W₁ of WGAN-GP'],
            rows: indices.map((i) => {
              const { generator: g, critic: d } = architecture(i);
              return [
                i + 1,
                JSON.stringify(g),
                JSON.stringify(d),
                perSeed(perArchitecture[i].gan),
                perSeed(perArchitecture[i].gp),
              ];
            }),
          },
        },
        figure: comparison({
          x: 'W₁ of the GAN',
          logarithmic: { x: true, y: true },
          panels: [
            {
              title: `${architectures} random architectures`,
              y: 'W₁ of the WGAN-GP',
              points: { architectures: pairs },
              lines: {
                equal: [
                  [0.1, 0.1],
                  [3, 3],
                ],
              },
            },
          ],
        }),
      };
    },
  };
}

const perSeed = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(' ');
