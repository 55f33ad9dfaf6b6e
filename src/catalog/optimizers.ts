// The optimizers.
import type { Chosen, Entry } from './descriptor';

/** An optimizer as data; its math is in src/gan under the same id. */
interface OptimizerEntry extends Entry {
  readonly formula: string;
  readonly source: string;
}

const rate = (usual: number) =>
  ({
    type: 'number',
    default: usual,
    minimum: 0,
    maximum: 10,
    text: 'Learning rate α. 0 freezes the network: it keeps its initial weights.',
  }) as const;

const schedule = {
  type: 'choice',
  options: ['constant', 'linear', 'cosine'],
  default: 'constant',
  text: 'Learning-rate schedule: "linear" and "cosine" decrease from α at the first step to 0 after the last one. A run that is resumed for more steps uses the schedule of the longer run.',
} as const;

/** Far below it, ε is 0 in float32, and a weight without a gradient becomes 0/0. */
const leastEpsilon = 1e-30;

const epsilon = {
  type: 'number',
  default: 1e-8,
  minimum: leastEpsilon,
  maximum: 1,
  text: 'ε in the denominator.',
} as const;

export const optimizers = {
  adam: {
    title: 'Adam',
    text: 'Divides the moving average of the gradient by the square root of the moving average of its square, both bias-corrected.',
    formula: 'm ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  w ← w − α·m̂/(√v̂ + ε),  m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)',
    source: 'Kingma, Ba 2015, Adam, Algorithm 1',
    parameters: {
      learningRate: rate(1e-4),
      beta1: {
        type: 'number',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
        text: 'Decay β₁ of the moving average of the gradient (momentum). 0 in WGAN-GP, 0.5 in DCGAN.',
      },
      beta2: {
        type: 'number',
        default: 0.9,
        minimum: 0,
        exclusiveMaximum: 1,
        text: 'Decay β₂ of the moving average of the squared gradient. 0.9 in WGAN-GP, 0.999 in DCGAN.',
      },
      epsilon,
      schedule,
    },
  },
  rmsprop: {
    title: 'RMSProp',
    text: 'Divides the gradient by the square root of the moving average of its square. No momentum, as the WGAN paper recommends for a clipped critic.',
    formula: 'v ← ρv + (1−ρ)g²,  w ← w − α·g/(√v + ε)',
    source: 'Tieleman, Hinton 2012, lecture 6.5; ρ and ε as in the code of Arjovsky et al. 2017',
    parameters: {
      learningRate: rate(5e-5),
      rho: {
        type: 'number',
        default: 0.99,
        minimum: 0,
        exclusiveMaximum: 1,
        text: 'Decay ρ of the moving average of the squared gradient.',
      },
      epsilon,
      schedule,
    },
  },
  sgd: {
    title: 'SGD',
    text: 'Follows the gradient itself, with optional momentum.',
    formula: 'm ← μm + g,  w ← w − α·m',
    source: 'Polyak 1964; as in PyTorch and TensorFlow, m is a sum and not a mean of gradients',
    parameters: {
      learningRate: rate(0.01),
      momentum: {
        type: 'number',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
        text: 'Momentum μ.',
      },
      schedule,
    },
  },
} as const satisfies Record<string, OptimizerEntry>;

export type OptimizerId = keyof typeof optimizers;

/** An optimizer with its parameters. */
export type OptimizerConfig<Id extends OptimizerId = OptimizerId> = Chosen<'kind', typeof optimizers, Id>;
