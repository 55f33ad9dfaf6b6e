// The constraints: what keeps the slope of the critic bounded.
import type { Chosen, Entry } from './descriptor';

/** A constraint as data; its maths lives in src/gan under the same id. */
export interface ConstraintEntry extends Entry {
  readonly formula: string;
  readonly source: string;
  /** Where a penalty measures the slope of the critic, as its column is called; null for what is no penalty. */
  readonly gradientNormAt: string | null;
}

const lambda = {
  type: 'number',
  default: 10,
  exclusiveMinimum: 0,
  maximum: 1e6,
} as const;

const gamma = {
  type: 'number',
  default: 10,
  exclusiveMinimum: 0,
  maximum: 1e6,
  text: 'Weight γ of the penalty, of which half is taken.',
} as const;

export const constraints = {
  clip: {
    title: 'Weight clipping',
    text: 'Clamps every trainable parameter of the critic to [−c, c] after each critic update. Simple and cheap; a large c makes the critic slow to reach its optimum, a small one makes gradients vanish in deep critics.',
    formula: 'w ← clip(w, −c, c)',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Algorithm 1',
    gradientNormAt: null,
    parameters: {
      c: {
        type: 'number',
        default: 0.01,
        exclusiveMinimum: 0,
        maximum: 1000,
        text: 'Half the side of the box that the parameters are kept in.',
      },
    },
  },
  'gradient-penalty': {
    title: 'Gradient penalty',
    text: 'Pulls the norm of the gradient of the critic towards its target on straight lines between real and generated samples. The norm is taken over one whole sample, so the critic must not mix the samples of a batch.',
    formula: 'λ E(‖∇D(x̂)‖₂ − k)²,  x̂ = εx + (1 − ε)x̃,  ε ~ U[0, 1] per sample',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, eq. 3 and Algorithm 1',
    gradientNormAt: 'x̂',
    parameters: {
      lambda: { ...lambda, text: 'Weight λ of the penalty. 10 in the paper; its toy problems use 0.1.' },
      target: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1e6,
        text: 'The norm k that the gradient is pulled to. 1 for the Wasserstein distance.',
      },
      sides: {
        type: 'choice',
        options: ['two', 'one'],
        default: 'two',
        text: '"two" penalises norms on both sides of the target, as the paper recommends; "one" only those above it.',
      },
    },
  },
  r1: {
    title: 'R1 penalty',
    text: 'Penalises the squared slope of the critic at real samples, so that it is flat where the generator is to arrive.',
    formula: 'γ/2 E‖∇D(x)‖₂²',
    source: 'Mescheder, Geiger, Nowozin 2018, Which Training Methods for GANs do actually Converge?, eq. 9',
    gradientNormAt: 'x',
    parameters: { gamma },
  },
  r2: {
    title: 'R2 penalty',
    text: 'Penalises the squared slope of the critic at generated samples.',
    formula: 'γ/2 E‖∇D(x̃)‖₂²',
    source: 'Mescheder, Geiger, Nowozin 2018, Which Training Methods for GANs do actually Converge?, eq. 10',
    gradientNormAt: 'x̃',
    parameters: { gamma },
  },
  dragan: {
    title: 'DRAGAN penalty',
    text: 'Pulls the norm of the gradient of the critic to k around the real samples: at x + δ, with noise δ of half their standard deviation, which is taken over the whole batch.',
    formula: 'λ E(‖∇D(x + δ)‖₂ − k)²,  δ = ½·std(x)·u,  u ~ U[0, 1] per number',
    source: 'Kodali, Abernethy, Hays, Kira 2017, On Convergence and Stability of GANs, eq. 1; δ as in their code',
    gradientNormAt: 'x + δ',
    parameters: {
      lambda: { ...lambda, text: 'Weight λ of the penalty.' },
      target: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1e6,
        text: 'The norm k that the gradient is pulled to.',
      },
    },
  },
  'spectral-norm': {
    title: 'Spectral normalization',
    text: 'Divides every kernel of the critic by its largest singular value wherever the critic is used, so that each layer has slope at most 1. The value comes from power iteration, which goes on from one critic update to the next. Biases and gains are left as they are.',
    formula: 'W̄ = W/σ(W),  σ(W) = vᵀWu,  v ← Wu/‖Wu‖₂,  u ← Wᵀv/‖Wᵀv‖₂;  a convolution as the matrix [kh·kw·in, out]',
    source: 'Miyato, Kataoka, Koyama, Yoshida 2018, Spectral Normalization for GANs, eq. 8 and Algorithm 1',
    gradientNormAt: null,
    parameters: {
      iterations: {
        type: 'integer',
        default: 1,
        minimum: 1,
        maximum: 100,
        unit: 'power iterations',
        text: 'Power iterations for each critic update. 1 is enough, since the weights move little between two updates.',
      },
    },
  },
} as const satisfies Record<string, ConstraintEntry>;

export type ConstraintId = keyof typeof constraints;

/** A constraint with its parameters. */
export type ConstraintConfig<Id extends ConstraintId = ConstraintId> = Chosen<'kind', typeof constraints, Id>;
