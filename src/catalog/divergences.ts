// The divergences of f-GANs: f of D_f(P‖Q) = ∫ q f(p/q), and what the bound estimates.
import type { Estimate } from './descriptor';

/** A divergence as data; its output activation and conjugate are in src/gan under the same id. */
export interface DivergenceEntry {
  readonly title: string;
  /** f(u) at u = p/q, in plain characters. */
  readonly f: string;
  /** The plotted estimate: the bound, or a function of it. */
  readonly estimate: Estimate;
  /** A warning about training with it. */
  readonly caution?: string;
}

const bound = 'E g(D(x)) − E f*(g(D(x̃)))';

export const divergences = {
  kl: {
    title: 'Kullback-Leibler',
    f: 'u log u',
    estimate: { label: 'KL', text: `${bound}: at most KL(P_r‖P_g), with equality if D is optimal.`, unit: 'nats' },
    caution:
      'Unless "nonSaturating" is true, the generator minimizes −E e^(D(x̃) − 1), whose gradient grows with the scores: a few samples dominate, and the generator can drift away from the data. "spectral-norm" keeps the scores close together.',
  },
  'reverse-kl': {
    title: 'reverse Kullback-Leibler',
    f: '−log u',
    estimate: {
      label: 'reverse KL',
      text: `${bound}: at most KL(P_g‖P_r), with equality if D is optimal.`,
      unit: 'nats',
    },
  },
  pearson: {
    title: 'Pearson χ²',
    f: '(u − 1)²',
    estimate: {
      label: 'Pearson χ²',
      text: `${bound}: at most ∫(p_r − p_g)²/p_g, with equality if D is optimal.`,
    },
  },
  neyman: {
    title: 'Neyman χ²',
    f: '(1 − u)²/u',
    estimate: {
      label: 'Neyman χ²',
      text: `${bound}: at most ∫(p_r − p_g)²/p_r, with equality if D is optimal.`,
    },
  },
  'squared-hellinger': {
    title: 'squared Hellinger',
    f: '(√u − 1)²',
    estimate: {
      label: 'H²',
      text: `${bound}: at most ∫(√p_r − √p_g)², with equality if D is optimal. It is 2 if the supports do not overlap.`,
      theory: { label: '2', value: 2 },
    },
  },
  js: {
    title: 'Jensen-Shannon',
    f: 'u log u − (u + 1) log((u + 1)/2)',
    estimate: {
      label: 'JS',
      text: `B/2, where B = ${bound} is a lower bound of 2 JS. It is log 2 if the supports do not overlap.`,
      unit: 'nats',
      theory: { label: 'log 2', value: Math.LN2 },
    },
  },
  gan: {
    title: 'the original GAN',
    f: 'u log u − (u + 1) log(u + 1)',
    estimate: {
      label: 'JS',
      text: `(B + log 4)/2, where B = ${bound} is a lower bound of 2 JS − log 4. It is log 2 if the supports do not overlap.`,
      unit: 'nats',
      theory: { label: 'log 2', value: Math.LN2 },
    },
  },
  'total-variation': {
    title: 'total variation',
    f: '|u − 1|/2',
    estimate: {
      label: 'TV',
      text: `${bound}: at most ½∫|p_r − p_g|, with equality if D is optimal. It is 1 if the supports do not overlap.`,
      theory: { label: '1', value: 1 },
    },
    caution:
      'g and f*(g) are both ½ tanh, so "nonSaturating" changes nothing, and neither network has a gradient where tanh saturates: the bound can settle at 0 although the samples are far from the data.',
  },
} as const satisfies Record<string, DivergenceEntry>;

export type DivergenceId = keyof typeof divergences;
