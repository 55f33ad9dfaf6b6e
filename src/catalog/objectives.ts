// The objectives: the losses that critic and generator minimize, and the estimate plotted for them.
import type { Chosen, Entry, Estimate } from './descriptor';
import { divergences, type DivergenceEntry, type DivergenceId } from './divergences';

/** An objective as data; its math is in src/gan under the same id. */
interface ObjectiveEntry extends Entry {
  readonly formula: string;
  readonly source: string;
  /** The plotted estimate; see `estimateOf` if it depends on a parameter. */
  readonly estimate: Estimate;
  /** Whether the critic is a Wasserstein potential, which is meaningless without a bound on its Lipschitz constant. */
  readonly lipschitz: boolean;
  /** Whether the discriminator is trained with labels, which label smoothing can change. */
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
    text: 'The critic learns the potential of the Wasserstein-1 distance; the generator follows its gradient, which does not vanish even if the distributions do not overlap. Needs a constraint on the critic.',
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
    text: 'The original GAN with the −log D trick: the discriminator classifies samples as real or generated; the generator maximizes the log-probability that its samples are classified as real.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = −E log s(D(x̃))',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1 and section 3',
    estimate: jensenShannon,
    lipschitz: false,
    labels: true,
    parameters: {},
  },
  minimax: {
    title: 'Minimax GAN',
    text: 'The original GAN as analyzed in theory: the generator minimizes what the discriminator maximizes. The gradient of the generator vanishes when the discriminator wins.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = E log(1 − s(D(x̃)))',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets, eq. 1',
    estimate: jensenShannon,
    lipschitz: false,
    labels: true,
    parameters: {},
  },
  'ml-gan': {
    title: 'Maximum-likelihood GAN',
    text: 'The discriminator of the original GAN; the generator follows the gradient of KL(P_r‖P_g), because e^D is the density ratio when the discriminator is optimal. Almost all of the gradient comes from a few samples of a batch.',
    formula: 'L_D = −E log s(D(x)) − E log(1 − s(D(x̃))),  L_G = −E exp(D(x̃))',
    source: 'Goodfellow 2016, NIPS 2016 Tutorial: Generative Adversarial Networks, section 3.2.4',
    estimate: {
      label: 'KL bound',
      text: 'E D(x) − E exp(D(x̃)) + 1: at most KL(P_r‖P_g), with equality if the discriminator is optimal; otherwise it can be far below zero.',
      unit: 'nats',
    },
    lipschitz: false,
    labels: true,
    parameters: {
      halved: {
        type: 'boolean',
        default: false,
        text: 'Halves the generator loss to −½ E exp(D(x̃)), as in the tutorial.',
      },
    },
  },
  'f-gan': {
    title: 'f-GAN',
    text: 'Minimizes an f-divergence through its variational bound: the discriminator tightens the bound, the generator lowers it.',
    formula: 'L_D = −(E g(D(x)) − E f*(g(D(x̃)))),  L_G = −E f*(g(D(x̃))), non-saturating: −E g(D(x̃))',
    source: 'Nowozin, Cseke, Tomioka 2016, f-GAN, eq. 4 and 6 to 8, tables 2 and 6',
    estimate: {
      label: 'bound',
      text: 'E g(D(x)) − E f*(g(D(x̃))): at most the f-divergence, with equality if D is optimal.',
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
        text: 'The divergence D_f(P_r‖P_g). "js" and "gan" are the Jensen-Shannon divergence up to factors and constants.',
      },
      nonSaturating: {
        type: 'boolean',
        default: false,
        text: 'The generator maximizes E g(D(x̃)) instead of minimizing the bound, so that its gradient does not vanish when the discriminator wins (section 3.2 of the paper).',
      },
    },
  },
  lsgan: {
    title: 'Least-squares GAN',
    text: 'The discriminator regresses real samples to b and generated ones to a; the generator regresses its samples to c. With b − c = 1 and b − a = 2 the generator minimizes a Pearson χ² divergence; with c = b it pushes the scores of its samples to those of real ones.',
    formula: 'L_D = ½E(D(x) − b)² + ½E(D(x̃) − a)²,  L_G = ½E(D(x̃) − c)²',
    source: 'Mao et al. 2017, Least Squares Generative Adversarial Networks, eq. 2 and 9',
    estimate: {
      label: 'Δ',
      text: '2 − 8·L_D/(b − a)²: the triangular discrimination ∫(p_r − p_g)²/(p_r + p_g) when the discriminator is optimal. It is 2 if the supports do not overlap.',
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
        text: 'Target a of the discriminator for generated samples. Must differ from b.',
      },
      b: {
        type: 'number',
        default: 1,
        minimum: -1000,
        maximum: 1000,
        text: 'Target b of the discriminator for real samples. Must differ from a.',
      },
      c: {
        type: 'number',
        default: 1,
        minimum: -1000,
        maximum: 1000,
        text: 'Target c of the generator for its samples: usually b, or b − 1 if b − a is 2.',
      },
    },
  },
  hinge: {
    title: 'Hinge',
    text: 'The discriminator pushes real samples above 1 and generated ones below −1, and ignores samples beyond these margins; the generator raises the scores of its samples. Mostly used with spectral normalization.',
    formula: 'L_D = E max(0, 1 − D(x)) + E max(0, 1 + D(x̃)),  L_G = −E D(x̃)',
    source: 'Lim, Ye 2017, Geometric GAN; Miyato et al. 2018, Spectral Normalization for GANs, eq. 16 and 17',
    estimate: {
      label: 'TV',
      text: '1 − L_D/2: the total variation ½∫|p_r − p_g| when the discriminator is optimal. It is 1 if the supports do not overlap.',
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

/** The estimate of this objective; for an f-GAN, that of its divergence. */
export function estimateOf(objective: ObjectiveConfig): Estimate {
  return objective.kind === 'f-gan' ? divergences[objective.divergence].estimate : objectives[objective.kind].estimate;
}
