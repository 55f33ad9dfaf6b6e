// The networks: families that a generator or a critic can be chosen from.
import type { Chosen, Entry, Kind } from './descriptor';

/** A family of networks as data; its builders live in src/gan under the same id. */
export interface NetworkEntry extends Entry {
  /** What kinds of data it can make or judge. */
  readonly handles: readonly Kind[];
}

export const networks = {
  mlp: {
    title: 'Multilayer perceptron',
    text: 'Fully connected hidden layers of equal width and a linear end; a generator of images ends in tanh, and images are flattened.',
    formula: 'h₀ = x,  hᵢ = φ(hᵢ₋₁Wᵢ + bᵢ),  y = h_depth·W + b',
    source: 'Gulrajani et al. 2017, gan_toy.py (3 hidden layers of ReLU)',
    handles: ['points', 'images'],
    parameters: {
      depth: {
        type: 'integer',
        default: 3,
        minimum: 1,
        maximum: 64,
        unit: 'hidden layers',
        text: 'Number of hidden layers.',
      },
      width: {
        type: 'integer',
        default: 128,
        minimum: 1,
        maximum: 16384,
        unit: 'units',
        text: 'Units per hidden layer.',
      },
      activation: {
        type: 'choice',
        options: ['relu', 'leaky-relu', 'tanh', 'softplus', 'swish'],
        default: 'relu',
        text: 'Activation of the hidden layers. leaky-relu has slope 0.2; softplus is softplus(2x + 2)/2 − 1, the smooth stand-in for ELU under a gradient penalty (WGAN-GP, appendix D).',
      },
      initialiser: {
        type: 'choice',
        options: ['he', 'glorot', 'normal'],
        default: 'he',
        text: 'First weights of the hidden layers: "he" and "glorot" scale with the layer, "normal" is N(0, 0.02²). Biases start at 0.',
      },
    },
  },
  dcgan: {
    title: 'DCGAN',
    text: 'Strided convolutions that halve the image in the critic and mirrored transposed convolutions that double it in the generator; filters double with every halving.',
    source: 'Radford, Metz, Chintala 2016, Unsupervised Representation Learning with DCGANs, section 3',
    handles: ['images'],
    parameters: {
      filters: {
        type: 'integer',
        default: 64,
        minimum: 1,
        maximum: 2048,
        unit: 'filters',
        text: 'Filters of the layer nearest the image.',
      },
      normalization: {
        type: 'choice',
        options: ['none', 'batch'],
        default: { generator: 'batch', critic: 'none' },
        text: 'Batch normalization between the convolutions, not at the ends. Default: "batch" in a generator, "none" in a critic. Not for a critic under a gradient penalty.',
      },
      kernel: {
        type: 'choice',
        options: [4, 5],
        default: 4,
        unit: 'pixels',
        text: 'Side of the convolution kernels: 4 as in the WGAN code, 5 as in the DCGAN and WGAN-GP code.',
      },
      activation: {
        type: 'choice',
        options: ['relu', 'leaky-relu', 'tanh', 'softplus', 'swish'],
        default: { generator: 'relu', critic: 'leaky-relu' },
        text: 'Activation between the layers. Default: "relu" in a generator, "leaky-relu" in a critic.',
      },
      slope: {
        type: 'number',
        default: 0.2,
        minimum: 0,
        exclusiveMaximum: 1,
        text: 'Slope of leaky-relu for negative input.',
      },
      initialiser: {
        type: 'choice',
        options: ['normal', 'he', 'glorot'],
        default: 'normal',
        text: 'First weights: "normal" is N(0, 0.02²) as in the paper; "he" and "glorot" scale with the layer. Biases start at 0.',
      },
    },
  },
} as const satisfies Record<string, NetworkEntry>;

export type NetworkId = keyof typeof networks;

/** A network of the catalog with its parameters. */
export type CatalogNetwork<Id extends NetworkId = NetworkId> = Chosen<'network', typeof networks, Id>;

/** A function of a workspace file that returns the model; `module` is relative to the experiment file. */
export interface ModuleNetwork {
  readonly module: string;
  readonly export: string;
}

/** What a generator or a critic is made of. */
export type Network = CatalogNetwork | ModuleNetwork;
