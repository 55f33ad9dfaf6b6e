// WGAN, Theorem 2: four sequences of distributions, and the distances in which each of them converges.
import {
  discretize,
  gaussianDensity,
  jensenShannon,
  klDivergence,
  totalVariation,
  wasserstein1OnLine,
} from '../../math/divergences';
import type { Study } from '../study';
import { comparison } from '../plots';

const terms = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const cells = Float64Array.from({ length: 4097 }, (_, k) => k / 4096);
const pointMass = (at: number) => cells.map((_, k) => (k === Math.round(at * 4096) ? 1 : 0));
const uniformOn = (mass: (k: number) => boolean) => {
  const chosen = cells.map((_, k) => (k < 4096 && mass(k) ? 1 : 0));
  const total = chosen.reduce((a, b) => a + b, 0);
  return chosen.map((m) => m / total);
};

interface Sequence {
  readonly title: string;
  /** The n-th distribution and the limit, on `cells`. */
  readonly at: (n: number) => readonly [p: Float64Array, limit: Float64Array];
  /** The distances that go to 0. */
  readonly converges: readonly DistanceName[];
}

const distanceNames = ['KL', 'reverse KL', 'JS', 'TV', 'W'] as const;
type DistanceName = (typeof distanceNames)[number];

const distancesOf = (p: Float64Array, q: Float64Array): Record<DistanceName, number> => ({
  KL: klDivergence(p, q),
  'reverse KL': klDivergence(q, p),
  JS: jensenShannon(p, q),
  TV: totalVariation(p, q),
  W: wasserstein1OnLine(p, q, cells),
});

const sequences: readonly Sequence[] = [
  {
    title: 'a Gaussian that moves onto another: all converge',
    at: (n) => [discretize(gaussianDensity(0.5 + 0.2 / n, 0.1), cells), discretize(gaussianDensity(0.5, 0.1), cells)],
    converges: distanceNames,
  },
  {
    title: 'a share of 1/n outside of the support: KL stays infinite',
    at: (n) => {
      const limit = uniformOn((k) => k < 2048);
      const rest = uniformOn((k) => k >= 2048);
      return [limit.map((mass, k) => mass * (1 - 1 / (2 * n)) + rest[k] / (2 * n)), limit];
    },
    converges: ['reverse KL', 'JS', 'TV', 'W'],
  },
  {
    title: 'a point that moves onto another: only W converges',
    at: (n) => [pointMass(1 / n), pointMass(0)],
    converges: ['W'],
  },
  {
    title: 'stripes that become finer: only W converges, and KL is finite',
    at: (n) => [
      uniformOn((k) => Math.floor(k / (2048 / n)) % 2 === 0).map((mass, k) => 0.9 * mass + (k < 4096 ? 0.1 / 4096 : 0)),
      uniformOn(() => true),
    ],
    converges: ['W'],
  },
];

export const distances: Study = {
  takes: 'it trains nothing',
  trials: {},
  conclude: () => {
    const values = sequences.map(({ at }) => terms.map((n) => distancesOf(...at(n))));
    const goesToZero = (k: number, name: DistanceName) =>
      values[k].at(-1)![name] < 0.02 * Math.min(values[k][0][name], 1);
    const holds = sequences.every(({ converges }, k) =>
      distanceNames.every((name) => goesToZero(k, name) === converges.includes(name)),
    );
    return {
      holds,
      verdict: holds
        ? 'Of four sequences, W converges on all, TV and JS on two and KL on one; none converges in a stronger distance without the weaker ones.'
        : 'A sequence converges in other distances than the theorem says.',
      tables: Object.fromEntries(
        sequences.map(({ title }, k) => [
          title.split(':')[0].replace(/\W+/g, '-'),
          {
            columns: ['n', ...distanceNames],
            rows: terms.map((n, i) => [n, ...distanceNames.map((d) => values[k][i][d])]),
          },
        ]),
      ),
      figure: comparison({
        x: 'n',
        logarithmic: { x: true, y: true },
        columns: 2,
        panels: sequences.map(({ title }, k) => ({
          title,
          y: 'distance',
          points: {},
          lines: Object.fromEntries(
            distanceNames.map((name) => [name, terms.map((n, i) => [n, values[k][i][name]] as const)]),
          ),
        })),
      }),
    };
  },
};
