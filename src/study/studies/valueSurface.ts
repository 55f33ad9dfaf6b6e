// WGAN-GP, figure 1a: level sets of critics that were trained for a fixed generator. A clipped critic misses the higher
// moments of the data.
import type { DataConfig } from '../../catalog';
import { distributionOf, type DistributionId } from '../../data/points/toyDistributions';
import { resolveExperiment } from '../../experiment';
import { prominentPeaks } from '../../math/peaks';
import { surfaces } from '../plots';
import { median } from '../../math/median';
import { overSeeds, type Study, type Trial } from '../study';

const data = {
  '8 Gaussians': { source: 'gaussians-ring' },
  '25 Gaussians': { source: 'gaussians-grid' },
  'Swiss roll': { source: 'swiss-roll' },
} as const;

/** A broad Gaussian in place of the paper's real samples with unit noise, which look much the same. */
const common = {
  latent: { size: 2, distribution: 'normal' },
  generator: { network: 'linear', mean: 0, deviation: 1.2 },
  critic: { network: 'mlp', depth: 3, width: 128 },
  objective: 'wgan',
  criticSteps: 5,
  batchSize: 256,
  steps: 1200,
  metrics: [],
} as const;

const frozen = { kind: 'sgd', learningRate: 0 } as const;
const rules = {
  clipping: {
    constraint: { kind: 'clip', c: 0.1 },
    optimizer: { generator: frozen, critic: { kind: 'rmsprop', learningRate: 5e-4, schedule: 'linear' } },
  },
  'gradient penalty': {
    constraint: { kind: 'gradient-penalty', lambda: 0.1 },
    optimizer: {
      generator: frozen,
      critic: { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9, schedule: 'linear' },
    },
  },
} as const satisfies Record<string, Partial<Trial>>;

type Rule = keyof typeof rules;
type Data = keyof typeof data;
const dataNames = Object.keys(data) as Data[];
const ruleNames = Object.keys(rules) as Rule[];
const nameOf = (rule: Rule, name: Data) => `${rule}, ${name}`;

const side = 96;
const extent = 2.4;
const grid = Float32Array.from({ length: 2 * side * side }, (_, k) => {
  const cell = k >> 1;
  const at = (index: number) => -extent + ((index + 0.5) / side) * 2 * extent;
  return k % 2 === 0 ? at(cell % side) : at(Math.floor(cell / side));
});

/** Some points of the data, for the figure. */
function pointsOf(name: Data): Float32Array {
  const settings = resolveExperiment({ data: data[name] }, name).data;
  const points = new Float32Array(2 * 150);
  distributionOf(settings as DataConfig<DistributionId>).sample({ seed: 1, stream: 'figure', step: 0 }, points);
  return points;
}

/** Peaks that stand out by a fiftieth of the surface's range: one for each mode in the ideal case. */
function peaks(values: Float32Array): number {
  return prominentPeaks(values, side, 0.02 * (Math.max(...values) - Math.min(...values)));
}

export const valueSurface: Study = {
  takes: ['critic', 'batchSize'],
  trials: Object.fromEntries(
    ruleNames.flatMap((rule) =>
      dataNames.map((name) => [nameOf(rule, name), { ...common, data: data[name], ...rules[rule] } satisfies Trial]),
    ),
  ),
  conclude: async (results) => {
    const panels: { rule: Rule; name: Data; values: Float32Array; counts: number[] }[] = [];
    for (const rule of ruleNames) {
      for (const name of dataNames) {
        const surfacesOf: Float32Array[] = [];
        for (const run of results[nameOf(rule, name)]) surfacesOf.push(await run.scores(grid));
        panels.push({ rule, name, values: surfacesOf[0], counts: surfacesOf.map(peaks) });
      }
    }
    const counts = (rule: Rule, name: Data) =>
      panels.find((panel) => panel.rule === rule && panel.name === name)!.counts;
    const count = (rule: Rule, name: Data) => median(counts(rule, name));
    const text = (rule: Rule, name: Data) => overSeeds(counts(rule, name), String);
    const [ring, square] = ['8 Gaussians', '25 Gaussians'] as const;
    return {
      holds:
        count('gradient penalty', ring) === 8 &&
        count('clipping', ring) < 8 &&
        count('clipping', square) < count('gradient penalty', square),
      verdict:
        `The critic with a gradient penalty has ${text('gradient penalty', ring)} peaks on 8 Gaussians and ${text('gradient penalty', square)} on 25; ` +
        `the clipped one has ${text('clipping', ring)} and ${text('clipping', square)}.`,
      tables: {
        peaks: {
          columns: ['constraint; peaks per seed', ...dataNames],
          rows: ruleNames.map((rule) => [rule, ...dataNames.map((name) => counts(rule, name).join(' '))]),
        },
      },
      figure: surfaces(
        panels.map(({ rule, name, values }) => ({ title: `${name}, ${rule}`, values, extent, points: pointsOf(name) })),
        3,
      ),
    };
  },
};
