// The constraints: what keeps the slope of the critic bounded.
import type { Chosen, Entry } from './descriptor';

/** A constraint as data; its maths lives in src/gan under the same id. */
export interface ConstraintEntry extends Entry {
  readonly formula: string;
  readonly source: string;
}

export const constraints = {
  clip: {
    title: 'Weight clipping',
    text: 'Clamps every trainable parameter of the critic to [−c, c] after each critic update. Simple and cheap; a large c makes the critic slow to reach its optimum, a small one makes gradients vanish in deep critics.',
    formula: 'w ← clip(w, −c, c)',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Algorithm 1',
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
    parameters: {
      lambda: {
        type: 'number',
        default: 10,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Weight λ of the penalty. 10 in the paper; its toy problems use 0.1.',
      },
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
} as const satisfies Record<string, ConstraintEntry>;

export type ConstraintId = keyof typeof constraints;

/** A constraint with its parameters. */
export type Constraint<Id extends ConstraintId = ConstraintId> = Chosen<'kind', typeof constraints, Id>;
