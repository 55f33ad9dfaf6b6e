// Arjovsky and Bottou 2017, figures 2 and 3: a generator is fixed at three stages of its training, and a new
// discriminator is trained for it. The better the discriminator, the smaller the generator's gradient.
import { jensenShannon, klDivergence } from '../../math/divergences';
import { median } from '../../math/median';
import { comparison } from '../plots';
import { gradientNorms, overSeeds, percent, type Study, type Trial, type TrialResult } from '../study';

const networks = {
  data: { source: 'digits', size: 16, samples: 4000 },
  latent: { size: 32 },
  generator: { network: 'mlp', depth: 2, width: 128 },
  critic: { network: 'mlp', depth: 2, width: 128, activation: 'leaky-relu' },
  batchSize: 64,
  metrics: [],
} as const;

const stages = [20, 200, 800] as const;

const generator: Trial = {
  ...networks,
  preset: 'gan',
  optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999 },
  steps: stages[2],
  checkpoints: { every: stages[0], keep: 100 },
};

const frozen = { kind: 'sgd', learningRate: 0 } as const;
const fixed = (stage: number) =>
  ({
    ...networks,
    initialWeights: { generator: `generator@${stage}` },
    criticSteps: 1,
    steps: 400,
    samples: { every: 10 },
  }) as const;

const rules = {
  minimax: (stage: number): Trial => ({
    ...fixed(stage),
    objective: 'minimax',
    constraint: null,
    optimizer: { generator: frozen, critic: { kind: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.999 } },
  }),
  '−log D': (stage: number): Trial => ({
    ...fixed(stage),
    objective: 'non-saturating',
    constraint: null,
    optimizer: { generator: frozen, critic: { kind: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.999 } },
  }),
  'WGAN-GP': (stage: number): Trial => ({
    ...fixed(stage),
    objective: 'wgan',
    constraint: { kind: 'gradient-penalty', lambda: 10 },
    optimizer: { generator: frozen, critic: { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9 } },
  }),
} as const;

type Rule = keyof typeof rules;
const ruleNames = Object.keys(rules) as Rule[];
const nameOf = (rule: Rule, stage: number) => `${rule}, generator of step ${stage}`;

/** The last gradient norm over the first. */
const change = (run: TrialResult): number => {
  const norms = gradientNorms(run, 'generator').map(([, norm]) => norm);
  return median(norms.slice(-5)) / median(norms.slice(0, 3));
};

export const vanishingGradients: Study = {
  takes: ['data', 'latent', 'generator', 'critic', 'batchSize'],
  trials: {
    generator,
    ...Object.fromEntries(
      ruleNames.flatMap((rule) => stages.map((stage) => [nameOf(rule, stage), rules[rule](stage)])),
    ),
  },
  conclude: (results) => {
    const changes = ruleNames.map((rule) => ({
      rule,
      perStage: stages.map((stage) => results[nameOf(rule, stage)].map(change)),
    }));
    const perStage = (rule: Rule) => changes.find((one) => one.rule === rule)!.perStage;
    const of = (rule: Rule) => perStage(rule).map(median);
    const text = (rule: Rule) => {
      const [first, second, third] = perStage(rule).map((values) => overSeeds(values, factor));
      return `${first}, ${second} and ${third}`;
    };
    const varying = results[nameOf('−log D', stages[1])].map(relativeSpread);
    const steady = results[nameOf('WGAN-GP', stages[1])].map(relativeSpread);
    const identity = identityError();
    const vanishes = of('minimax').every((change) => change < 0.1) && of('WGAN-GP').every((change) => change > 0.3);
    const varies = median(varying) > 2 * median(steady);
    return {
      holds: vanishes && varies && identity < 1e-9,
      verdict:
        `While a new discriminator is trained for the generator of step ${stages.join(', ')}, the norm of the generator's gradient is multiplied by ` +
        `${text('minimax')} (minimax), ${text('−log D')} (−log D), ${text('WGAN-GP')} (WGAN-GP): ` +
        `the gradient of minimax ${vanishes ? 'vanishes' : 'does not vanish'}. ` +
        `From sample to sample the norm varies by ${overSeeds(varying, percent)} with −log D and ${overSeeds(steady, percent)} with WGAN-GP: ` +
        `the large variance of −log D is ${varies ? '' : 'not '}seen. ` +
        `On a discrete example the gradient of −log D is that of KL − 2 JS within ${identity.toExponential(0)}.`,
      tables: {
        changes: {
          columns: ['loss; last norm over the first, per seed', ...stages.map((stage) => `generator of step ${stage}`)],
          rows: changes.map(({ rule, perStage }) => [rule, ...perStage.map((values) => values.map(factor).join(' '))]),
        },
      },
      figure: comparison({
        x: 'updates of the discriminator',
        panels: ruleNames.map((rule) => ({
          title: rule,
          y: '‖∇ L_G‖',
          logarithmic: true,
          points: {},
          lines: Object.fromEntries(
            stages.map((stage) => [
              `generator of step ${stage}`,
              gradientNorms(results[nameOf(rule, stage)][0], 'generator'),
            ]),
          ),
        })),
      }),
    };
  },
};

/** Of the norm in the second half: its interquartile range over its median. */
function relativeSpread(run: TrialResult): number {
  const norms = gradientNorms(run, 'generator').map(([, norm]) => norm);
  const late = norms.slice(norms.length / 2).sort((a, b) => a - b);
  return (late[Math.floor(late.length * 0.75)] - late[Math.floor(late.length * 0.25)]) / median(late);
}

/**
 * Theorem 2.5 of the paper, on four outcomes: E ∇(−log D*) = ∇[KL(p_g‖p_r) − 2 JS(p_g, p_r)], with the optimal D* fixed
 * on the left. Returns the largest difference between both sides, by central differences.
 */
function identityError(): number {
  const real = [0.1, 0.2, 0.3, 0.4];
  const generated = (theta: readonly number[]): number[] => {
    const mass = theta.map(Math.exp);
    const total = mass.reduce((a, b) => a + b, 0);
    return mass.map((m) => m / total);
  };
  const theta = [0.3, -0.2, 0.5, 0];
  const optimal = generated(theta).map((q, k) => real[k] / (real[k] + q));
  const left = (at: readonly number[]) => generated(at).reduce((sum, q, k) => sum - q * Math.log(optimal[k]), 0);
  const right = (at: readonly number[]) => klDivergence(generated(at), real) - 2 * jensenShannon(generated(at), real);
  const h = 1e-5;
  const slope = (f: (at: readonly number[]) => number, k: number) =>
    (f(theta.with(k, theta[k] + h)) - f(theta.with(k, theta[k] - h))) / (2 * h);
  return Math.max(...theta.map((_, k) => Math.abs(slope(left, k) - slope(right, k))));
}

const factor = (change: number): string => String(Number(change.toPrecision(2)));
