// Arjovsky and Bottou 2017, section 3: noise on both distributions makes JS a useful distance where the supports are
// disjoint.
import { discretize, gaussianDensity, jensenShannon } from '../../math/divergences';
import { median } from '../../math/median';
import { comparison } from '../plots';
import { lastMean, type Study, type Trial } from '../study';

const theta = 1;
const deviations = [0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2];

/** A discriminator between two fixed lines, with noise that stays the same. */
const trial = (sigma: number): Trial => ({
  data: { source: 'vertical-line', theta: 0 },
  latent: { size: 1, distribution: 'uniform01' },
  generator: { network: 'shift', theta },
  critic: { network: 'mlp', depth: 3, width: 64 },
  objective: 'minimax',
  constraint: null,
  stabilization: sigma > 0 ? { instanceNoise: { sigma, schedule: 'constant' } } : {},
  criticSteps: 5,
  optimizer: {
    generator: { kind: 'sgd', learningRate: 0 },
    critic: { kind: 'adam', learningRate: 2e-3, beta1: 0.5, beta2: 0.999, schedule: 'linear' },
  },
  metrics: [],
  batchSize: 512,
  steps: 400,
});

const nameOf = (sigma: number) => `σ ${sigma}`;

/** The noise along the lines is the same for both, so JS is that of N(0, σ²) and N(θ, σ²). */
const cells = Float64Array.from({ length: 20_001 }, (_, k) => -15 + k / 600);
const exact = (sigma: number): number =>
  sigma === 0
    ? Math.LN2
    : jensenShannon(discretize(gaussianDensity(0, sigma), cells), discretize(gaussianDensity(theta, sigma), cells));

export const noise: Study = {
  takes: ['critic', 'batchSize'],
  trials: Object.fromEntries(deviations.map((sigma) => [nameOf(sigma), trial(sigma)])),
  conclude: (results) => {
    const measured = deviations.map((sigma) => ({
      sigma,
      js: median(results[nameOf(sigma)].map((run) => lastMean(run.column('estimate'), 0.25))),
      exact: exact(sigma),
    }));
    const error = Math.max(...measured.map(({ js, exact }) => Math.abs(js - exact)));
    const fine = Float64Array.from({ length: 80 }, (_, k) => 0.02 + k * 0.025);
    return {
      holds: error < 0.03,
      verdict:
        `Without noise the trained JS is ${measured[0].js.toFixed(3)} (log 2 is 0.693); it falls with σ as the exact JS does, to ` +
        `${measured.at(-1)!.js.toFixed(3)} at σ = ${deviations.at(-1)}, within ${error.toFixed(3)} of it everywhere.`,
      tables: {
        js: {
          columns: ['σ', 'JS (trained)', 'JS (exact)'],
          rows: measured.map(({ sigma, js, exact }) => [sigma, js, exact]),
        },
      },
      figure: comparison({
        x: 'σ of the noise',
        panels: [
          {
            title: 'JS of two lines at distance 1, with noise',
            y: 'JS (nats)',
            points: { 'trained discriminator': measured.map(({ sigma, js }) => [sigma, js] as const) },
            lines: { exact: [...fine].map((sigma) => [sigma, exact(sigma)] as const) },
          },
          {
            title: 'Gradient with respect to θ',
            y: '−dJS/dθ',
            points: {},
            lines: { exact: [...fine].map((sigma) => [sigma, gradient(sigma)] as const) },
          },
        ],
      }),
    };
  },
};

/** |dJS/dθ| of N(0, σ²) and N(θ, σ²), by central differences. */
function gradient(sigma: number): number {
  const h = 1 / 60; // ten cells, so that both grids are the same
  const at = (shift: number) =>
    jensenShannon(
      discretize(gaussianDensity(0, sigma), cells),
      discretize(gaussianDensity(theta + shift, sigma), cells),
    );
  return (at(h) - at(-h)) / (2 * h);
}
