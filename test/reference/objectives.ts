// The objectives: losses of critic and generator from the critic's raw outputs, and the plotted estimate.
import { add, div, exp, log, mul, neg, relu, sigmoid, softplus, sqrt, square, sub, tanh } from './elementwise';
import { mean } from './shape';
import { scalar, type Value } from './value';

/** An objective as in an experiment file. */
export type ReferenceObjective =
  | { readonly kind: 'wgan' | 'non-saturating' | 'minimax' | 'hinge' }
  | { readonly kind: 'ml-gan'; readonly halved: boolean }
  | { readonly kind: 'f-gan'; readonly divergence: ReferenceDivergence; readonly nonSaturating: boolean }
  | { readonly kind: 'lsgan'; readonly a: number; readonly b: number; readonly c: number };

export interface ReferenceLosses {
  /** L_D from D(x) and D(x~), without any penalty. */
  readonly critic: (real: Value, fake: Value) => Value;
  /** L_G from D(x~). */
  readonly generator: (fake: Value) => Value;
  /** The estimate of the distance, from D(x) and D(x~). */
  readonly estimate: (real: Value, fake: Value) => number;
  /** L_D with the label of real samples moved by α. */
  readonly smoothed?: (real: Value, fake: Value, alpha: number) => Value;
}

type Kinds = ReferenceObjective['kind'];
type Rules = { readonly [K in Kinds]: (of: Extract<ReferenceObjective, { kind: K }>) => ReferenceLosses };

/** The losses of an objective. */
export const lossesOf = (of: ReferenceObjective): ReferenceLosses =>
  (rules[of.kind] as (of: ReferenceObjective) => ReferenceLosses)(of);

// Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1.
const logistic = {
  // -E log s(D(x)) - E log(1 - s(D(x~)))
  critic: (real: Value, fake: Value) => add(mean(softplus(neg(real))), mean(softplus(fake))),
  // Labels of 1 - α and 0 under the cross-entropy, Salimans et al. 2016, section 3.4.
  smoothed: (real: Value, fake: Value, alpha: number) =>
    sub(
      neg(add(mul(mean(log(sigmoid(real))), 1 - alpha), mul(mean(log(sigmoid(neg(real)))), alpha))),
      mean(log(sigmoid(neg(fake)))),
    ),
};
const js = (real: Value, fake: Value) => Math.LN2 - scalar(logistic.critic(real, fake)) / 2;

const rules: Rules = {
  // Arjovsky et al. 2017, Wasserstein GAN, eq. 2 and 3.
  wgan: () => ({
    critic: (real, fake) => sub(mean(fake), mean(real)), // E D(x~) - E D(x)
    generator: (fake) => neg(mean(fake)), // -E D(x~)
    estimate: (real, fake) => scalar(mean(real)) - scalar(mean(fake)), // K·W = E D(x) - E D(x~)
  }),
  // Goodfellow et al. 2014, section 3.
  'non-saturating': () => ({
    ...logistic,
    generator: (fake) => mean(softplus(neg(fake))), // -E log s(D(x~))
    estimate: js,
  }),
  minimax: () => ({
    ...logistic,
    generator: (fake) => mean(log(sigmoid(neg(fake)))), // E log(1 - s(D(x~)))
    estimate: js,
  }),
  // Goodfellow 2016, NIPS tutorial, section 3.2.4.
  'ml-gan': ({ halved }) => ({
    ...logistic,
    generator: (fake) => neg(mul(mean(exp(fake)), halved ? 0.5 : 1)), // -E exp(D(x~))
    estimate: (real, fake) => scalar(mean(real)) - scalar(mean(exp(fake))) + 1, // E D(x) - E exp(D(x~)) + 1
  }),
  // Nowozin, Cseke, Tomioka 2016, eq. 6 with tables 2 and 6: the conjugate is applied to the activation, as in the
  // paper.
  'f-gan': ({ divergence, nonSaturating }) => {
    const { g, conjugate, estimate = (bound: number) => bound } = divergences[divergence];
    const bound = (real: Value, fake: Value) => sub(mean(g(real)), mean(conjugate(g(fake))));
    return {
      critic: (real, fake) => neg(bound(real, fake)),
      generator: (fake) => neg(mean(nonSaturating ? g(fake) : conjugate(g(fake)))),
      estimate: (real, fake) => estimate(scalar(bound(real, fake))),
    };
  },
  // Mao et al. 2017, Least Squares GAN, eq. 2 and 9.
  lsgan: ({ a, b, c }) => {
    const regression = (d: Value, target: number) => mul(mean(square(sub(d, target))), 0.5); // ½E(D - t)²
    const critic = (real: Value, fake: Value) => add(regression(real, b), regression(fake, a));
    return {
      critic,
      generator: (fake) => regression(fake, c),
      estimate: (real, fake) => 2 - (8 * scalar(critic(real, fake))) / (b - a) ** 2,
      smoothed: (real, fake, alpha) => add(regression(real, b - alpha * (b - a)), regression(fake, a)),
    };
  },
  // Miyato et al. 2018, Spectral Normalization, eq. 16 and 17.
  hinge: () => {
    const critic = (real: Value, fake: Value) => add(mean(relu(sub(1, real))), mean(relu(add(1, fake))));
    return {
      critic,
      generator: (fake) => neg(mean(fake)),
      estimate: (real, fake) => 1 - scalar(critic(real, fake)) / 2,
    };
  },
};

export type ReferenceDivergence =
  | 'kl'
  | 'reverse-kl'
  | 'pearson'
  | 'neyman'
  | 'squared-hellinger'
  | 'js'
  | 'gan'
  | 'total-variation';

interface Divergence {
  readonly g: (v: Value) => Value;
  readonly conjugate: (t: Value) => Value;
  readonly estimate?: (bound: number) => number;
}

const divergences: { readonly [D in ReferenceDivergence]: Divergence } = {
  kl: { g: (v) => v, conjugate: (t) => exp(sub(t, 1)) },
  'reverse-kl': { g: (v) => neg(exp(neg(v))), conjugate: (t) => sub(-1, log(neg(t))) },
  pearson: { g: (v) => v, conjugate: (t) => add(mul(square(t), 0.25), t) },
  neyman: { g: (v) => sub(1, exp(neg(v))), conjugate: (t) => sub(2, mul(sqrt(sub(1, t)), 2)) },
  'squared-hellinger': { g: (v) => sub(1, exp(neg(v))), conjugate: (t) => div(t, sub(1, t)) },
  js: {
    g: (v) => sub(Math.LN2, log(add(1, exp(neg(v))))),
    conjugate: (t) => neg(log(sub(2, exp(t)))),
    estimate: (bound) => bound / 2,
  },
  gan: {
    g: (v) => neg(log(add(1, exp(neg(v))))),
    conjugate: (t) => neg(log(sub(1, exp(t)))),
    estimate: (bound) => (bound + Math.log(4)) / 2,
  },
  'total-variation': { g: (v) => mul(tanh(v), 0.5), conjugate: (t) => t },
};
