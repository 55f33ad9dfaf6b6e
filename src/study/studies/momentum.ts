// WGAN, section 4.2: with momentum the steps of a clipped critic turn against its gradient while training is unstable.
import { medianFilter } from '../../math/median';
import { comparison, rule } from '../plots';
import { lastMean, overSeeds, percent, type Study, type Trial, type TrialResult } from '../study';

const common = {
  preset: 'wgan',
  data: { source: 'gaussians-grid', side: 5 },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 3, width: 128 },
  critic: { network: 'mlp', depth: 3, width: 128 },
  constraint: { kind: 'clip', c: 0.1 },
  stepCosine: true,
  batchSize: 128,
  steps: 1500,
  metrics: ['w1'],
  samples: { every: 15 },
} as const;

/** A rate at which RMSProp trains, and one that is ten times too high. */
const rates = { '2e-4': 2e-4, '2e-3': 2e-3 } as const;

const optimizers = {
  'Adam, β₁ = 0.9': { kind: 'adam', beta1: 0.9, beta2: 0.999 },
  'Adam, β₁ = 0': { kind: 'adam', beta1: 0, beta2: 0.999 },
  RMSProp: { kind: 'rmsprop' },
} as const;

type Rate = keyof typeof rates;
type Optimizer = keyof typeof optimizers;
const rateNames = Object.keys(rates) as Rate[];
const optimizerNames = Object.keys(optimizers) as Optimizer[];
const nameOf = (optimizer: Optimizer, rate: Rate) => `${optimizer}, α = ${rate}`;

/** Samples count as worse than before if their W₁ is this many times the lowest so far; it varies by a tenth. */
const worse = 1.5;

/** For each step, whether training is unstable: the samples that follow are worse than earlier ones. */
function unstableSteps(w1: Float32Array): boolean[] {
  const unstable = new Array<boolean>(w1.length).fill(false);
  let [best, from] = [Infinity, 0];
  w1.forEach((value, k) => {
    if (Number.isNaN(value)) return;
    best = Math.min(best, value);
    unstable.fill(value > worse * best, from, k + 1);
    from = k + 1;
  });
  return unstable;
}

/** How many steps are unstable, and on how many of these and of the others the cosine is negative. */
function counts(run: TrialResult) {
  const [cosine, unstable] = [run.column('stepCosine'), unstableSteps(run.column('w1'))];
  const negative = (inside: boolean) => cosine.filter((c, k) => c < 0 && unstable[k] === inside).length;
  const inside = unstable.filter(Boolean).length;
  return { steps: cosine.length, inside, negative: { inside: negative(true), outside: negative(false) } };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const momentum: Study = {
  takes: ['data', 'latent', 'generator', 'critic', 'batchSize', 'steps'],
  trials: Object.fromEntries(
    optimizerNames.flatMap((optimizer) =>
      rateNames.map((rate) => [
        nameOf(optimizer, rate),
        { ...common, optimizer: { ...optimizers[optimizer], learningRate: rates[rate] } } satisfies Trial,
      ]),
    ),
  ),
  conclude: (results) => {
    const measured = optimizerNames.flatMap((optimizer) =>
      rateNames.map((rate) => {
        const seeds = results[nameOf(optimizer, rate)].map(counts);
        return {
          optimizer,
          rate,
          w1: results[nameOf(optimizer, rate)].map((run) => lastMean(run.column('w1'), 0.25)),
          unstable: seeds.map(({ steps, inside }) => share(inside, steps)),
          inside: seeds.map(({ inside, negative }) => share(negative.inside, inside)),
          outside: seeds.map(({ steps, inside, negative }) => share(negative.outside, steps - inside)),
        };
      }),
    );
    const [normal, high] = measured;
    const others = measured.slice(2).flatMap(({ inside, outside }) => [...inside, ...outside]);
    const text = ({ rate, w1, unstable, inside, outside }: (typeof measured)[number]) =>
      `α = ${rate}: ${overSeeds(unstable, percent)} of the steps unstable, ${overSeeds(inside, percent)} of these and ` +
      `${overSeeds(outside, percent)} of the others with a negative cosine, W₁ ${overSeeds(w1, (value) => value.toFixed(2))} at the end`;
    const turns = [normal, high].every(({ outside }) => Math.max(...outside) < 0.01) && Math.min(...high.inside) > 0.5;
    const best = Math.min(...[normal, high].flatMap(({ w1 }) => w1));
    const worstWithout = Math.max(...measured.slice(2).flatMap(({ w1 }) => w1));
    return {
      holds: turns && best > worstWithout,
      verdict:
        `Adam with β₁ = 0.9, ${text(normal)}; ${text(high)}. ` +
        `Without momentum, the largest share is ${percent(Math.max(...others))}, and W₁ at most ${worstWithout.toFixed(2)}: ` +
        `momentum ${best > worstWithout ? 'makes training unstable' : 'does not make training unstable'}, ` +
        `${turns === best > worstWithout ? 'and' : 'but'} its steps ${turns ? 'turn' : 'do not turn'} against the gradient in unstable phases.`,
      tables: {
        'negative cosines': {
          columns: [
            'optimizer',
            'learning rate',
            'unstable',
            'negative if unstable',
            'negative otherwise',
            'W₁ at the end',
          ],
          rows: measured.map(({ optimizer, rate, ...shares }) => [
            optimizer,
            rate,
            ...[shares.unstable, shares.inside, shares.outside].map((values) => overSeeds(values, percent)),
            overSeeds(shares.w1, (value) => value.toFixed(2)),
          ]),
        },
      },
      figure: comparison({
        x: 'step',
        columns: 2,
        panels: [
          ...rateNames.map((rate) => ({
            title: `Learning rate ${rate}`,
            y: 'cosine of step and gradient',
            points: { 'Adam, β₁ = 0.9: negative': negatives(results[nameOf('Adam, β₁ = 0.9', rate)][0]) },
            lines: {
              ...byOptimizer((optimizer) => smoothed(results[nameOf(optimizer, rate)][0].column('stepCosine'))),
              zero: rule(0, results[nameOf('RMSProp', rate)][0].column('stepCosine').length, 0),
            },
          })),
          ...rateNames.map((rate) => ({
            title: `Samples, learning rate ${rate}`,
            y: 'exact W₁',
            logarithmic: true,
            points: {},
            lines: byOptimizer((optimizer) => curve(results[nameOf(optimizer, rate)][0].column('w1'))),
          })),
        ],
      }),
    };
  },
};

type Points = readonly (readonly [step: number, value: number])[];

const byOptimizer = (points: (optimizer: Optimizer) => Points): Record<string, Points> =>
  Object.fromEntries(optimizerNames.map((optimizer) => [optimizer, points(optimizer)]));

const curve = (values: ArrayLike<number>): Points =>
  Array.from(values, (value, k) => [k + 1, value] as const).filter(([, value]) => !Number.isNaN(value));
const smoothed = (values: Float32Array): Points => curve(medianFilter(values, 31)).filter((_, k) => k % 5 === 0);
const negatives = (run: TrialResult): Points => curve(run.column('stepCosine')).filter(([, value]) => value < 0);
