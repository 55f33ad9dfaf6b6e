// The objectives: what critic and generator minimise, and what the curve drawn from them estimates.
import type { Chosen, Entry, Estimate } from './descriptor';
import { divergences, type DivergenceEntry, type DivergenceId } from './divergences';

/** An objective as data; its maths lives in src/gan under the same id. */
export interface ObjectiveEntry extends Entry {
  readonly formula: string;
  readonly source: string;
  /** What is plotted; `estimateOf` says it more closely where it depends on a parameter. */
  readonly estimate: Estimate;
  /** The critic's output is a Wasserstein potential, which means nothing without a bound on its slope. */
  readonly lipschitz: boolean;
  /** The discriminator is trained towards a label for real samples, which label smoothing can move. */
  readonly labels: boolean;
}

const jensenShannon = {
  label: 'JS',
  text: 'log 2 − L_D/2: the Jensen-Shannon divergence when the discriminator is optimal. It stays near log 2 as long as the supports do not overlap.',
  unit: 'nats',
  theory: { label: 'log 2', value: Math.LN2 },
} as const satisfies Estimate;

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
    labels: false,
    parameters: {},
  },
  'non-saturating': {
    title: 'Non-saturating GAN',
    text: 'The original game with the −log D trick: the discriminator classifies real against generated, the generator maximises the log-probability of being taken for real.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = −E log s(D(x̃))',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1 and section 3',
    estimate: jensenShannon,
    lipschitz: false,
    labels: true,
    parameters: {},
  },
  minimax: {
    title: 'Minimax GAN',
    text: 'The original game as it is analysed: the generator minimises what the discriminator maximises. Its gradient vanishes where the discriminator wins.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = E log(1 − s(D(x̃)))',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1',
    estimate: jensenShannon,
    lipschitz: false,
    labels: true,
    parameters: {},
  },
  'ml-gan': {
    title: 'Maximum-likelihood GAN',
    text: 'The discriminator of the original game; the generator follows the gradient of KL(P_r‖P_g), since e^D is the ratio of the densities when the discriminator is optimal. Almost all of the gradient comes from few samples of a batch.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = −E exp(D(x̃))',
    source: 'Goodfellow 2016, NIPS 2016 Tutorial: Generative Adversarial Networks, section 3.2.4',
    estimate: {
      label: 'KL bound',
      text: 'E D(x) − E exp(D(x̃)) + 1: at most KL(P_r‖P_g), and equal to it when the discriminator is optimal. It can be far below zero when it is not.',
      unit: 'nats',
    },
    lipschitz: false,
    labels: true,
    parameters: {
      halved: {
        type: 'boolean',
        default: false,
        text: 'Takes half of the loss of the generator, −½ E exp(D(x̃)), as the tutorial writes it.',
      },
    },
  },
  'f-gan': {
    title: 'f-GAN',
    text: 'Trains on any f-divergence through its variational bound: the discriminator makes the bound tight, the generator lowers it.',
    formula: 'L_D = −(E g(D(x)) − E f*(g(D(x̃)))),  L_G = −E f*(g(D(x̃))), with the trick −E g(D(x̃))',
    source: 'Nowozin, Cseke, Tomioka 2016, f-GAN, eq. 4 and 6 to 8, tables 2 and 6',
    estimate: {
      label: 'bound',
      text: 'E g(D(x)) − E f*(g(D(x̃))): at most the f-divergence, and equal to it at the best D.',
    },
    lipschitz: false,
    labels: false,
    parameters: {
      divergence: {
        type: 'choice',
        options: Object.keys(divergences) as readonly DivergenceId[],
        optionTexts: Object.values<DivergenceEntry>(divergences).map(
          ({ title, f, caution }) => `${title}, f(u) = ${f} at u = p_r/p_g${caution ? `. ${caution}` : ''}`,
        ),
        default: 'kl',
        text: 'The divergence D_f(P_r‖P_g) that is bounded. "js" and "gan" are the Jensen-Shannon divergence up to factors and constants.',
      },
      nonSaturating: {
        type: 'boolean',
        default: false,
        text: 'The generator maximises E g(D(x̃)) instead of minimising the bound, which keeps its gradient alive where the discriminator wins (section 3.2 of the paper).',
      },
    },
  },
  lsgan: {
    title: 'Least-squares GAN',
    text: 'The discriminator regresses real samples to b and generated ones to a; the generator pulls its samples to c. With b − c = 1 and b − a = 2 the generator minimises a Pearson χ² divergence; with c = b it makes samples that are taken for real.',
    formula: 'L_D = ½E(D(x) − b)² + ½E(D(x̃) − a)²,  L_G = ½E(D(x̃) − c)²',
    source: 'Mao et al. 2017, Least Squares Generative Adversarial Networks, eq. 2 and 9',
    estimate: {
      label: 'Δ',
      text: '2 − 8·L_D/(b − a)²: the triangular discrimination ∫(p_r − p_g)²/(p_r + p_g) when the discriminator is optimal. It is 2 where the supports do not overlap.',
      theory: { label: '2', value: 2 },
    },
    lipschitz: false,
    labels: true,
    parameters: {
      a: {
        type: 'number',
        default: 0,
        minimum: -1000,
        maximum: 1000,
        text: 'Target a of generated samples for the discriminator. Must differ from b.',
      },
      b: {
        type: 'number',
        default: 1,
        minimum: -1000,
        maximum: 1000,
        text: 'Target b of real samples for the discriminator. Must differ from a.',
      },
      c: {
        type: 'number',
        default: 1,
        minimum: -1000,
        maximum: 1000,
        text: 'Target c of generated samples for the generator: b, or b − 1 where b − a is 2.',
      },
    },
  },
  hinge: {
    title: 'Hinge',
    text: 'The discriminator keeps real samples above 1 and generated ones below −1, and ignores those beyond; the generator raises the scores of its samples. Mostly used with spectral normalization.',
    formula: 'L_D = E max(0, 1 − D(x)) + E max(0, 1 + D(x̃)),  L_G = −E D(x̃)',
    source: 'Lim, Ye 2017, Geometric GAN; Miyato et al. 2018, Spectral Normalization for GANs, eq. 16 and 17',
    estimate: {
      label: 'TV',
      text: '1 − L_D/2: the total variation ½∫|p_r − p_g| when the discriminator is optimal. It is 1 where the supports do not overlap.',
      theory: { label: '1', value: 1 },
    },
    lipschitz: false,
    labels: false,
    parameters: {},
  },
} as const satisfies Record<string, ObjectiveEntry>;

export type ObjectiveId = keyof typeof objectives;

/** An objective with its parameters. */
export type ObjectiveConfig<Id extends ObjectiveId = ObjectiveId> = Chosen<'kind', typeof objectives, Id>;

/** What is plotted for this objective: that of the divergence, for an f-GAN. */
export function estimateOf(objective: ObjectiveConfig): Estimate {
  return objective.kind === 'f-gan' ? divergences[objective.divergence].estimate : objectives[objective.kind].estimate;
}
