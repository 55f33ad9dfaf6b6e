// The objectives: losses of critic and generator from the critic's raw outputs, and the estimate that is plotted.
import { add, neg, softplus, sub } from './elementwise';
import { mean } from './shape';
import { type Value } from './value';

export interface ReferenceObjective {
  /** L_D from D(x) and D(x~), without any penalty. */
  readonly critic: (real: Value, fake: Value) => Value;
  /** L_G from D(x~). */
  readonly generator: (fake: Value) => Value;
  /** The distance approximated, from L_D. */
  readonly estimate: (criticLoss: number) => number;
}

export type ReferenceObjectiveKind = 'wgan' | 'non-saturating';

export const objectives: { readonly [K in ReferenceObjectiveKind]: ReferenceObjective } = {
  // Arjovsky et al. 2017, Wasserstein GAN, eq. 2 and 3.
  wgan: {
    critic: (real, fake) => sub(mean(fake), mean(real)), // E D(x~) - E D(x)
    generator: (fake) => neg(mean(fake)), // -E D(x~)
    estimate: (criticLoss) => -criticLoss, // K·W = E D(x) - E D(x~)
  },
  // Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1 and section 3.
  'non-saturating': {
    critic: (real, fake) => add(mean(softplus(neg(real))), mean(softplus(fake))), // -E log s(D(x)) - E log(1 - s(D(x~)))
    generator: (fake) => mean(softplus(neg(fake))), // -E log s(D(x~))
    estimate: (criticLoss) => Math.LN2 - criticLoss / 2, // JS
  },
};
