// The objectives: what critic and generator minimise, and what the curve drawn from them estimates.
import type { Chosen, Entry } from './descriptor';

/** An objective as data; its maths lives in src/gan under the same id. */
export interface ObjectiveEntry extends Entry {
  readonly formula: string;
  readonly source: string;
  /** The number plotted for the distance that the objective approximates; smaller is closer. */
  readonly estimate: { readonly label: string; readonly text: string; readonly unit?: string };
  /** A value that theory singles out on the axis of the estimate. */
  readonly theory?: { readonly label: string; readonly value: number };
  /** The critic's output is a Wasserstein potential, which means nothing without a bound on its slope. */
  readonly lipschitz: boolean;
}

export const objectives = {
  wgan: {
    title: 'Wasserstein',
    text: 'The critic learns the potential of the Wasserstein-1 distance; the generator walks down its slope, which does not vanish where the distributions do not overlap. Needs a constraint on the critic.',
    formula: 'L_D = E D(x̃) − E D(x),  L_G = −E D(x̃)',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, eq. 2 and 3 and Algorithm 1',
    estimate: {
      label: 'K·W',
      text: 'E D(x) − E D(x̃): the Wasserstein-1 distance times the Lipschitz constant K of the critic. Comparable within a run, not between critics.',
    },
    lipschitz: true,
    parameters: {},
  },
  'non-saturating': {
    title: 'Non-saturating GAN',
    text: 'The original game with the −log D trick: the discriminator classifies real against generated, the generator maximises the log-probability of being taken for real.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = −E log s(D(x̃))',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1 and section 3',
    estimate: {
      label: 'JS',
      text: 'log 2 − L_D/2: the Jensen-Shannon divergence when the discriminator is optimal. It stays near log 2 as long as the supports do not overlap.',
      unit: 'nats',
    },
    theory: { label: 'log 2', value: Math.LN2 },
    lipschitz: false,
    parameters: {},
  },
} as const satisfies Record<string, ObjectiveEntry>;

export type ObjectiveId = keyof typeof objectives;

/** An objective with its parameters. */
export type Objective<Id extends ObjectiveId = ObjectiveId> = Chosen<'kind', typeof objectives, Id>;
