// The presets: settings that belong together, with the numbers of their source.
import type { Values, Written } from './descriptor';
import type { constraints } from './constraints';
import type { networks } from './networks';
import type { ObjectiveId } from './objectives';
import type { optimizers } from './optimizers';
import type { latentSettings } from './settings';

/** The part of an experiment that a preset may set; the keys mean what they mean in an experiment file. */
export interface PresetSettings {
  readonly objective: { readonly kind: ObjectiveId };
  readonly constraint: readonly Written<'kind', typeof constraints>[];
  readonly optimizer: Written<'kind', typeof optimizers>;
  readonly criticSteps: number;
  readonly batchSize: number;
  readonly latent?: Partial<Values<typeof latentSettings>>;
  readonly generator?: Written<'network', typeof networks>;
  readonly critic?: Written<'network', typeof networks>;
}

export interface PresetEntry {
  readonly title: string;
  readonly text: string;
  readonly source: string;
  readonly settings: PresetSettings;
}

export const presets = {
  wgan: {
    title: 'WGAN',
    text: 'Wasserstein objective, clipped critic, RMSProp without momentum.',
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
    text: 'The original game with the −log D trick and the Adam settings that became usual for it; on any network.',
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
    text: 'The original game on convolutional networks with batch normalization on both sides.',
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
} as const satisfies Record<string, PresetEntry>;

export type PresetId = keyof typeof presets;
