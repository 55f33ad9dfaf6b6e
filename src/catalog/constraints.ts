// The constraints, which bound the gradients of the critic.
import type { Chosen, Entry } from './descriptor';

/** A constraint as data; its math is in src/gan under the same id. */
interface ConstraintEntry extends Entry {
  readonly formula: string;
  readonly source: string;
  /**
   * The points at which a penalty takes the gradient norm, as in the label of its column; null if it is not a penalty.
   */
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
  text: 'Weight γ of the penalty; the loss contains γ/2.',
} as const;

export const constraints = {
  clip: {
    title: 'Weight clipping',
    text: 'Clamps every trainable parameter of the critic to [−c, c] after each critic update. Simple and cheap, but with a large c the critic is slow to reach its optimum, and with a small c gradients vanish in deep critics.',
    formula: 'w ← clip(w, −c, c)',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Algorithm 1',
    gradientNormAt: null,
    parameters: {
      c: {
        type: 'number',
        default: 0.01,
        exclusiveMinimum: 0,
        maximum: 1000,
        text: 'Bound c: parameters are kept in [−c, c].',
      },
    },
  },
  'gradient-penalty': {
    title: 'Gradient penalty',
    text: 'Pulls the gradient norm of the critic toward a target, on straight lines between real and generated samples. The norm is taken per sample, so the critic must not mix the samples of a batch.',
    formula: 'λ E(‖∇D(x̂)‖₂ − k)²,  x̂ = εx + (1 − ε)x̃,  ε ~ U[0, 1] per sample',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, eq. 3 and Algorithm 1',
    gradientNormAt: 'x̂',
    parameters: {
      lambda: { ...lambda, text: 'Weight λ of the penalty. 10 in the paper, 0.1 in its code for toy data.' },
      target: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1e6,
        text: 'Target k of the gradient norm. 1 for the Wasserstein distance.',
      },
      sides: {
        type: 'choice',
        options: ['two', 'one'],
        default: 'two',
        text: '"two" penalizes norms on both sides of the target, as the paper recommends; "one" penalizes only norms above it.',
      },
    },
  },
  r1: {
    title: 'R1 penalty',
    text: 'Penalizes the squared gradient norm of the critic at real samples, so that the critic becomes flat at the data.',
    formula: 'γ/2 E‖∇D(x)‖₂²',
    source: 'Mescheder, Geiger, Nowozin 2018, Which Training Methods for GANs do actually Converge?, eq. 9',
    gradientNormAt: 'x',
    parameters: { gamma },
  },
  r2: {
    title: 'R2 penalty',
    text: 'Penalizes the squared gradient norm of the critic at generated samples.',
    formula: 'γ/2 E‖∇D(x̃)‖₂²',
    source: 'Mescheder, Geiger, Nowozin 2018, Which Training Methods for GANs do actually Converge?, eq. 10',
    gradientNormAt: 'x̃',
    parameters: { gamma },
  },
  dragan: {
    title: 'DRAGAN penalty',
    text: 'Pulls the gradient norm of the critic toward k around real samples: at a random point between a sample and the same sample with noise of up to half the standard deviation of all numbers in the batch.',
    formula: 'λ E(‖∇D(x + αδ)‖₂ − k)²,  δ = ½·std(x)·u,  α ~ U[0, 1] per sample,  u ~ U[0, 1] per number',
    source: 'Kodali, Abernethy, Hays, Kira 2017, On Convergence and Stability of GANs, eq. 1; x + αδ as in their code',
    gradientNormAt: 'x + αδ',
    parameters: {
      lambda: { ...lambda, text: 'Weight λ of the penalty.' },
      target: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1e6,
        text: 'Target k of the gradient norm.',
      },
    },
  },
  'spectral-norm': {
    title: 'Spectral normalization',
    text: 'Divides every trainable kernel of the critic by its largest singular value, to bound the Lipschitz constant of each layer: by 1 for a dense layer, and by √(kh·kw) for a convolution, because a pixel is in up to kh·kw patches. The singular value is estimated by power iteration, which continues from one critic update to the next. Biases, gains, offsets and PReLU slopes are unchanged, and so is a kernel of zeros.',
    formula:
      'W̄ = W/σ(W),  σ(W) = vᵀWu,  v ← Wu/‖Wu‖₂,  u ← Wᵀv/‖Wᵀv‖₂;  a convolution as the matrix [kh·kw·in, out], transposed or not, a depthwise one as [kh·kw, in·multiplier], as in PyTorch',
    source: 'Miyato, Kataoka, Koyama, Yoshida 2018, Spectral Normalization for GANs, eq. 8 and Algorithm 1',
    gradientNormAt: null,
    parameters: {
      iterations: {
        type: 'integer',
        default: 1,
        minimum: 1,
        maximum: 100,
        unit: 'power iterations',
        text: 'Power iterations per critic update. 1 is enough because the weights change little between updates.',
      },
    },
  },
} as const satisfies Record<string, ConstraintEntry>;

export type ConstraintId = keyof typeof constraints;

/** A constraint with its parameters. */
export type ConstraintConfig<Id extends ConstraintId = ConstraintId> = Chosen<'kind', typeof constraints, Id>;
