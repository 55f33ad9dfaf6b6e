// The presets: combinations of settings, with values from a paper.
import type { Values, Written } from './descriptor';
import type { constraints } from './constraints';
import type { CriticSteps } from './criticSteps';
import type { networks } from './networks';
import type { objectives } from './objectives';
import type { optimizers } from './optimizers';
import type { InstanceNoiseConfig, latentSettings } from './generalSettings';
import type { DataSourceId } from './dataSources';

/** The settings that a preset can have, with the keys of an experiment file. */
export interface PresetSettings {
  readonly objective: Written<'kind', typeof objectives>;
  readonly constraint: readonly Written<'kind', typeof constraints>[];
  readonly optimizer: Written<'kind', typeof optimizers>;
  readonly criticSteps: CriticSteps;
  readonly batchSize: number;
  readonly latent?: Partial<Values<typeof latentSettings>>;
  readonly generator?: Written<'network', typeof networks>;
  readonly critic?: Written<'network', typeof networks>;
  readonly stabilization?: { readonly instanceNoise: Partial<InstanceNoiseConfig> };
}

export interface PresetEntry {
  readonly title: string;
  readonly text: string;
  readonly source: string;
  /** The data source that it is made for, if any. */
  readonly data?: DataSourceId;
  readonly settings: PresetSettings;
}

/** The settings of gan_toy.py for its three data sets. */
const toy = {
  source: 'Gulrajani et al. 2017, figure 1; gan_toy.py',
  settings: {
    objective: { kind: 'wgan' },
    constraint: [{ kind: 'gradient-penalty', lambda: 0.1, target: 1, sides: 'two' }],
    optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0.5, beta2: 0.9, epsilon: 1e-8 },
    criticSteps: 5,
    batchSize: 256,
    latent: { size: 2, distribution: 'normal' },
    generator: { network: 'mlp', depth: 3, width: 512 },
    critic: { network: 'mlp', depth: 3, width: 512 },
  },
} as const;

export const presets = {
  wgan: {
    title: 'WGAN',
    text: 'Wasserstein objective with weight clipping, RMSProp without momentum.',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Algorithm 1',
    settings: {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'clip', c: 0.01 }],
      optimizer: { kind: 'rmsprop', learningRate: 5e-5, rho: 0.99, epsilon: 1e-8 },
      criticSteps: 5,
      batchSize: 64,
    },
  },
  'wgan-gp': {
    title: 'WGAN-GP',
    text: 'Wasserstein objective with a gradient penalty on the critic, Adam without momentum.',
    source: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs, Algorithm 1',
    settings: {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
      optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
      criticSteps: 5,
      batchSize: 64,
    },
  },
  gan: {
    title: 'GAN',
    text: 'The original GAN with the −log D trick and the usual Adam settings, for any network.',
    source: 'Goodfellow et al. 2014, Generative Adversarial Nets; Adam of Radford, Metz, Chintala 2016, section 4',
    settings: {
      objective: { kind: 'non-saturating' },
      constraint: [],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
    },
  },
  dcgan: {
    title: 'DCGAN',
    text: 'The original GAN with convolutional networks and batch normalization in both of them.',
    source: 'Radford, Metz, Chintala 2016, Unsupervised Representation Learning with DCGANs, section 4',
    settings: {
      objective: { kind: 'non-saturating' },
      constraint: [],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 128,
      latent: { size: 100, distribution: 'uniform' },
      generator: { network: 'dcgan', normalization: 'batch', kernel: 5 },
      critic: { network: 'dcgan', normalization: 'batch', kernel: 5 },
    },
  },
  'ml-gan': {
    title: 'Maximum-likelihood GAN',
    text: 'The discriminator of the original GAN, and a generator loss whose expected gradient is that of the likelihood. Nearly all of the gradient comes from the few samples that look most real, and samples far from the data get none; noise that fades out makes the distributions overlap.',
    source:
      'Goodfellow 2016, NIPS 2016 tutorial, section 3.2.4; the noise of Sønderby et al. 2017, section 3.3; Adam as in the preset "gan"',
    settings: {
      objective: { kind: 'ml-gan' },
      constraint: [],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
      stabilization: { instanceNoise: { sigma: 0.5, schedule: 'linear' } },
    },
  },
  'noisy-gan': {
    title: 'GAN with instance noise',
    text: 'The original GAN, with noise on real and generated samples that fades out: their supports overlap, so that the discriminator cannot win before the generator has learned.',
    source: 'Sønderby et al. 2017, section 3.3; Arjovsky, Bottou 2017, section 3; Adam as in the preset "gan"',
    settings: {
      objective: { kind: 'non-saturating' },
      constraint: [],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
      stabilization: { instanceNoise: { sigma: 0.1, schedule: 'linear' } },
    },
  },
  lsgan: {
    title: 'LSGAN',
    text: 'Least-squares regression to the targets 0 and 1 instead of classification: samples far beyond the decision boundary on the correct side are still pulled toward it.',
    source:
      'Mao et al. 2017, Least Squares Generative Adversarial Networks, eq. 9; RMSProp as in Gulrajani et al. 2017, appendix E',
    settings: {
      objective: { kind: 'lsgan' },
      constraint: [],
      optimizer: { kind: 'rmsprop', learningRate: 1e-4, rho: 0.9, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
    },
  },
  'lsgan-gp': {
    title: 'LSGAN with a gradient penalty',
    text: 'Least squares with the penalty and the optimizer of WGAN-GP: penalties are not limited to Wasserstein objectives.',
    source: 'Mao et al. 2017, eq. 9; Gulrajani et al. 2017, eq. 3 and Algorithm 1',
    settings: {
      objective: { kind: 'lsgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
      optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
    },
  },
  'fgan-kl': {
    title: 'f-GAN with the Kullback-Leibler divergence',
    text: 'The critic raises a lower bound of KL(P_r ‖ P_g), and the generator raises the critic scores of its samples. Set "divergence" to train with another f-divergence.',
    source:
      'Nowozin, Cseke, Tomioka 2016, f-GAN, eq. 6, with the generator of section 3.2; Adam as in the preset "gan"',
    settings: {
      objective: { kind: 'f-gan', divergence: 'kl', nonSaturating: true },
      constraint: [],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      criticSteps: 1,
      batchSize: 64,
    },
  },
  'parallel-lines': {
    title: 'Parallel lines',
    text: 'Example 1 of the WGAN paper: a generator with one parameter θ learns a line. Only W₁ = |θ| has a useful gradient; KL is infinite and JS is log 2 for every θ but 0.',
    source: 'Arjovsky, Chintala, Bottou 2017, Example 1 and figure 1; the penalty of Gulrajani et al. 2017',
    data: 'vertical-line',
    settings: {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
      optimizer: { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
      criticSteps: 5,
      batchSize: 64,
      latent: { size: 1, distribution: 'uniform01' },
      generator: { network: 'shift', theta: 1 },
      critic: { network: 'mlp', depth: 3, width: 64 },
    },
  },
  'eight-gaussians': {
    ...toy,
    title: 'Eight Gaussians',
    text: "WGAN-GP on a ring of eight Gaussians, the usual test for mode collapse, as in the paper's code.",
    data: 'gaussians-ring',
  },
  'twenty-five-gaussians': {
    ...toy,
    title: 'Twenty-five Gaussians',
    text: "WGAN-GP on a grid of twenty-five Gaussians, as in the paper's code.",
    data: 'gaussians-grid',
  },
  'swiss-roll': {
    ...toy,
    title: 'Swiss roll',
    text: "WGAN-GP on a noisy spiral, as in the paper's code.",
    data: 'swiss-roll',
  },
  'resnet-32': {
    title: 'WGAN-GP on residual networks',
    text: 'WGAN-GP for color images of 32 pixels, such as CIFAR-10: residual networks, batch normalization in the generator, a learning rate that decreases to zero. 32 filters and batches of 16 suit two cores. The authors\' he_init draws uniform numbers of variance 4/(fan_in + fan_out), where "he" here draws normal ones of 2/fan_in.',
    source: 'Gulrajani et al. 2017, appendix F; gan_cifar_resnet.py (with 128 filters and batches of 64)',
    settings: {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }],
      optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8, schedule: 'linear' },
      criticSteps: 5,
      batchSize: 16,
      latent: { size: 128, distribution: 'normal' },
      generator: { network: 'resnet', filters: 32, normalization: 'batch' },
      critic: { network: 'resnet', filters: 32, normalization: 'none' },
    },
  },
} as const satisfies Record<string, PresetEntry>;

export type PresetId = keyof typeof presets;
