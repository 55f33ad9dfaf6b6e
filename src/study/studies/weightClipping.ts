// WGAN-GP, figure 1b: weight clipping makes gradients explode or vanish with depth and pushes the weights to ±c; a
// gradient penalty does neither.
import { median } from '../../math/median';
import { comparison } from '../plots';
import { overSeeds, percent, type Study, type Trial, type TrialResult } from '../study';

const depth = 12;
const steps = 1000;

const common = {
  data: { source: 'swiss-roll' },
  latent: { size: 2 },
  generator: { network: 'mlp', depth, width: 64 },
  critic: { network: 'mlp', depth, width: 64 },
  batchSize: 128,
  criticSteps: 5,
  steps,
  metrics: [],
  samples: { every: 100 },
} as const;

const clipped = (c: number): Trial => ({
  preset: 'wgan',
  ...common,
  constraint: { kind: 'clip', c },
  optimizer: { kind: 'rmsprop', learningRate: 5e-5 },
});

const penalized: Trial = {
  preset: 'wgan-gp',
  ...common,
  constraint: { kind: 'gradient-penalty', lambda: 0.1 },
  optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0.5, beta2: 0.9 },
};

const bounds = { 'c = 0.1': 0.1, 'c = 0.01': 0.01, 'c = 0.001': 0.001 } as const;
const trials = {
  ...Object.fromEntries(Object.entries(bounds).map(([name, c]) => [name, clipped(c)])),
  'gradient penalty': penalized,
};
const names = Object.keys(trials);

/** The norm of the critic's gradient in each layer, from the input, as the median over the second half of the run. */
function gradientNorms({ histograms }: TrialResult): number[] {
  const late = histograms.filter(({ step }) => step > steps / 2 || step === histograms.at(-1)?.step);
  const layers = late.map((summary) => summary.layers.filter(({ network }) => network === 'critic'));
  return layers[0].map((_, k) => median(layers.map((layer) => layer[k].gradients?.norm ?? NaN)));
}

/** Decades between the largest and the smallest gradient norm, among those that are not exactly 0. */
const decades = (norms: readonly number[]): number => {
  const logs = norms.filter((norm) => norm > 0).map(Math.log10);
  return logs.length === 0 ? 0 : Math.max(...logs) - Math.min(...logs);
};

/** The share of the critic's weights in the outermost tenth of the range of each layer. */
function shareAtEnds({ histograms }: TrialResult): number {
  let [ends, all] = [0, 0];
  for (const { network, weights } of histograms.at(-1)!.layers) {
    if (network !== 'critic' || weights === null) continue;
    const outer = Math.max(1, Math.round(weights.counts.length / 20));
    const count = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    ends += count(weights.counts.slice(0, outer)) + count(weights.counts.slice(-outer));
    all += count(weights.counts);
  }
  return ends / all;
}

/** A histogram of the hidden weights of the critic, as shares, over the weights in units of their largest size. */
function weightShares({ histograms }: TrialResult): (readonly [number, number])[] {
  const hidden = histograms.at(-1)!.layers.filter(({ network, weights }) => network === 'critic' && weights !== null);
  const bins = 40;
  const shares = new Float64Array(bins);
  for (const { weights } of hidden.slice(1, -1)) {
    const { min, max, counts } = weights!;
    const size = Math.max(-min, max);
    counts.forEach((count, k) => {
      const value = (min + ((k + 0.5) / counts.length) * (max - min)) / size;
      shares[Math.min(bins - 1, Math.floor(((value + 1) / 2) * bins))] += count;
    });
  }
  const total = shares.reduce((a, b) => a + b, 0);
  return [...shares].map((share, k) => [((k + 0.5) / bins) * 2 - 1, share / total] as const);
}

export const weightClipping: Study = {
  takes: ['data', 'latent', 'generator', 'critic', 'batchSize'],
  trials,
  conclude: (results) => {
    const measured = names.map((name) => {
      const runs = results[name];
      const norms = runs.map(gradientNorms);
      return { name, run: runs[0], norms: norms[0], spans: norms.map(decades), ends: runs.map(shareAtEnds) };
    });
    const span = measured.map(({ spans }) => median(spans));
    const [penalty, clips] = [span.at(-1)!, span.slice(0, -1)];
    const [penaltyEnds, clipEnds] = [measured.at(-1)!.ends, measured[1].ends];
    return {
      holds:
        clips.every((decades) => decades > penalty) &&
        Math.max(...clips) > penalty + 3 &&
        median(clipEnds) > 2 * median(penaltyEnds),
      verdict:
        `Over ${measured[0].norms.length} layers the critic's gradient norm spans ${measured.map(({ name, spans }) => `${overSeeds(spans, (value) => value.toFixed(1))} decades with ${name}`).join(', ')} (norms of exactly 0 not counted); ` +
        `${overSeeds(clipEnds, percent)} of the weights clipped at 0.01 are at the ends of their range, and ${overSeeds(penaltyEnds, percent)} of those under the penalty.`,
      tables: {
        'gradient norms': {
          columns: ['layer, from the input', ...names],
          rows: measured[0].norms.map((_, k) => [k + 1, ...measured.map(({ norms }) => norms[k])]),
        },
        seeds: {
          columns: ['constraint', 'share in the outermost tenth, per seed', 'decades of the gradient norm, per seed'],
          rows: measured.map(({ name, ends, spans }) => [name, perSeed(ends), perSeed(spans)]),
        },
      },
      figure: comparison({
        x: 'layer, from the input',
        panels: [
          {
            title: 'Gradient norms of the critic',
            y: '‖∂L/∂W‖',
            logarithmic: true,
            points: {},
            lines: Object.fromEntries(
              measured.map(({ name, norms }) => [name, norms.map((n, k) => [k + 1, n] as const)]),
            ),
          },
          {
            title: 'Weights of the critic',
            x: 'weight / largest weight of its layer',
            y: 'share',
            points: {},
            series: names,
            lines: Object.fromEntries([1, 3].map((k) => [measured[k].name, weightShares(measured[k].run)])),
          },
        ],
      }),
    };
  },
};

const perSeed = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(' ');
