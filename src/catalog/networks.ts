// The network architectures of generators and critics.
import type { ChoiceDescriptor, Chosen, Entry, Kind, NumberDescriptor, Role } from './descriptor';

/** An architecture as data; its builder is in src/gan/architectures under the same id. */
export interface NetworkEntry extends Entry {
  /** Kinds of data that it works with. */
  readonly handles: readonly Kind[];
  /** Roles that it can have. */
  readonly roles: readonly Role[];
}

const activations = ['relu', 'leaky-relu', 'tanh', 'elu', 'smooth-elu', 'swish'] as const;
const aboutActivations =
  'smooth-elu is softplus(2x + 2)/2 − 1, a smooth replacement for elu, which has a discontinuous second derivative and fails with a gradient penalty (WGAN-GP, appendix D).';

const slope = {
  type: 'number',
  default: 0.2,
  minimum: 0,
  exclusiveMaximum: 1,
  text: 'Slope of leaky-relu for negative inputs.',
} as const satisfies NumberDescriptor;

const initializers = ['he', 'glorot', 'normal:0.02'] as const;
const aboutInitializers =
  '"he" is N(0, g²/fan_in) with a gain g for the activation: g² is 2 for relu, 2/(1 + slope²) for leaky-relu and 1/E φ(x)² over x from N(0, 1) for the others; layers without an activation use "glorot". "glorot" is U[−a, a] with a² = 6/(fan_in + fan_out); "normal:0.02" is N(0, 0.02²). Fans count the inputs of an output and the outputs of an input, so strides divide that of the larger side by stride², as in the WGAN-GP code and unlike in Keras and PyTorch. Biases start at 0.';

const normalizations = ['none', 'batch', 'layer', 'instance'] as const;
const aboutNormalizations =
  '"batch" computes mean and variance over the batch, "layer" over each sample (with one gain per channel), "instance" over each channel of each sample; ε is 1e-5, and the momentum of batch normalization is 0.9. Use "layer" instead of "batch" in a critic with a gradient penalty.';

const kernel = {
  type: 'choice',
  options: [4, 5],
  default: 4,
  unit: 'pixels',
  text: 'Size of the convolution kernels: 4 as in the WGAN code, 5 as in the DCGAN and WGAN-GP code.',
} as const satisfies ChoiceDescriptor;

const dcganActivation = {
  type: 'choice',
  options: activations,
  default: { generator: 'relu', critic: 'leaky-relu' },
  text: `Activation between the layers. Default: "relu" in a generator, "leaky-relu" in a critic; ${aboutActivations}`,
} as const satisfies ChoiceDescriptor;

const dcganInitializer = {
  type: 'choice',
  options: initializers,
  default: 'normal:0.02',
  text: `Initial weights. ${aboutInitializers} The default is from the paper.`,
} as const satisfies ChoiceDescriptor;

export const networks = {
  mlp: {
    title: 'Multilayer perceptron',
    text: 'Fully connected hidden layers of equal width and a linear output layer. Images are flattened; a generator of images ends in tanh.',
    formula: 'h₀ = x,  hᵢ = φ(hᵢ₋₁Wᵢ + bᵢ),  y = h_depth·W + b',
    source: 'Gulrajani et al. 2017, gan_toy.py (3 hidden layers of ReLU)',
    handles: ['points', 'images'],
    roles: ['generator', 'critic'],
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
      normalization: {
        type: 'choice',
        options: ['none', 'batch', 'layer'],
        default: 'none',
        text: `Normalization before the activation of each hidden layer. ${aboutNormalizations} "instance" needs pixels, so it is not available here.`,
      },
      activation: {
        type: 'choice',
        options: activations,
        default: 'relu',
        text: `Activation of the hidden layers; leaky-relu has slope 0.2; ${aboutActivations}`,
      },
      initializer: {
        type: 'choice',
        options: initializers,
        default: 'he',
        text: `Initial weights. ${aboutInitializers}`,
      },
    },
  },
  dcgan: {
    title: 'DCGAN',
    text: 'Strided convolutions halve the image in the critic, down to 4 to 7 pixels; transposed convolutions double it in the generator. The number of filters doubles with every halving.',
    source: 'Radford, Metz, Chintala 2016, Unsupervised Representation Learning with DCGANs, section 3',
    handles: ['images'],
    roles: ['generator', 'critic'],
    parameters: {
      filters: {
        type: 'integer',
        default: 64,
        minimum: 1,
        maximum: 2048,
        unit: 'filters',
        text: 'Filters of the layer next to the image.',
      },
      normalization: {
        type: 'choice',
        options: normalizations,
        default: { generator: 'batch', critic: 'none' },
        text: `Normalization between the convolutions, not at the input or output. ${aboutNormalizations} Default: "batch" in a generator, "none" in a critic.`,
      },
      kernel,
      activation: dcganActivation,
      slope,
      initializer: dcganInitializer,
    },
  },
  'dcgan-constant': {
    title: 'DCGAN without normalization, constant filters',
    text: 'The DCGAN variant that the WGAN paper made difficult to train on purpose: no batch normalization, and the same number of filters in every layer. The original GAN fails with it; a WGAN learns.',
    source: 'Arjovsky, Chintala, Bottou 2017, section 4.3 and figure 6; gan_64x64.py, WGANPaper_CrippledDCGANGenerator',
    handles: ['images'],
    roles: ['generator', 'critic'],
    parameters: {
      filters: {
        type: 'integer',
        default: 64,
        minimum: 1,
        maximum: 2048,
        unit: 'filters',
        text: 'Filters of every layer.',
      },
      kernel,
      activation: dcganActivation,
      slope,
      initializer: dcganInitializer,
    },
  },
  resnet: {
    title: 'Residual network',
    text: 'The residual networks of WGAN-GP for CIFAR-10, with the same number of filters in all blocks: the generator starts at 4 to 7 pixels and doubles the size block by block; the critic halves the image down to 8 pixels or fewer, keeps the size for two more blocks, and averages over the pixels.',
    formula:
      'y = S(x) + F(x),  F = norm, φ, 3×3, norm, φ, 3×3 with nearest-neighbor upsampling or 2×2 mean pooling, S = 1×1 or identity',
    source: 'Gulrajani et al. 2017, appendix F and gan_cifar_resnet.py',
    handles: ['images'],
    roles: ['generator', 'critic'],
    parameters: {
      filters: {
        type: 'integer',
        default: 128,
        minimum: 1,
        maximum: 2048,
        unit: 'filters',
        text: 'Filters of every convolution. 128 in the paper; 32 needs a sixteenth of the computation.',
      },
      normalization: {
        type: 'choice',
        options: normalizations,
        default: { generator: 'batch', critic: 'none' },
        text: `Normalization before the activations, except in the critic's first block. ${aboutNormalizations} Default: "batch" in a generator, "none" in a critic.`,
      },
      activation: {
        type: 'choice',
        options: activations,
        default: 'relu',
        text: `Activation before the convolutions; ${aboutActivations}`,
      },
      slope,
      initializer: {
        type: 'choice',
        options: initializers,
        default: 'he',
        text: `Initial weights. ${aboutInitializers}`,
      },
    },
  },
  shift: {
    title: 'Shift',
    text: 'The generator of Example 1, with θ as its only parameter: it places its latent numbers on a line at θ. Latent vectors have one number less than the points.',
    formula: 'g_θ(z) = (θ, z)',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Example 1 and figure 1',
    handles: ['points'],
    roles: ['generator'],
    parameters: {
      theta: {
        type: 'number',
        default: 1,
        minimum: -1e6,
        maximum: 1e6,
        text: 'Initial value of θ. The real line is at 0.',
      },
    },
  },
  linear: {
    title: 'Linear',
    text: 'One linear layer. As a generator with a normal latent vector it is a Gaussian, for experiments in which the distributions are known; with a learning rate of 0 it stays the same.',
    formula: 'y = Az + b; at the start A = deviation·I and b = mean',
    source:
      'the Gaussians of Arjovsky, Chintala, Bottou 2017, figure 2, and of Goodfellow 2016, NIPS tutorial, section 3.2.5',
    handles: ['points'],
    roles: ['generator', 'critic'],
    parameters: {
      mean: {
        type: 'number',
        default: 0,
        minimum: -1e6,
        maximum: 1e6,
        text: 'Initial value of every number of b.',
      },
      deviation: {
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 1e6,
        text: 'Initial value of the diagonal of A; its other numbers start at 0.',
      },
    },
  },
} as const satisfies Record<string, NetworkEntry>;

export type NetworkId = keyof typeof networks;

/** A network of the catalog with its parameters. */
export type CatalogNetworkConfig<Id extends NetworkId = NetworkId> = Chosen<'network', typeof networks, Id>;

/** A function of a workspace file that returns the model; `module` is relative to the experiment file. */
export interface ModuleNetworkConfig {
  readonly module: string;
  readonly export: string;
}

/** A generator or a critic of an experiment. */
export type NetworkConfig = CatalogNetworkConfig | ModuleNetworkConfig;
