// The benchmark cases: the GAN of each, as data that every contender reads.

export interface MlpShape {
  readonly kind: 'mlp';
  /** Hidden layers. */
  readonly depth: number;
  readonly width: number;
}

export interface DcganShape {
  readonly kind: 'dcgan';
  /** Filters of the layer next to the image. */
  readonly filters: number;
  readonly kernel: 4 | 5;
  /** Between the convolutions of both networks, but not at their ends. */
  readonly normalization: 'none' | 'batch';
}

export interface ResnetShape {
  readonly kind: 'resnet';
  /** Filters of every convolution; batch norm in the generator, none in the critic. */
  readonly filters: number;
}

/** One iteration is `criticSteps` critic updates and one generator update, each with new noise. */
export interface BenchCase {
  readonly name: string;
  readonly batchSize: number;
  readonly latent: number;
  /** One sample: [height, width, channels]. */
  readonly sample: readonly [number, number, number];
  /**
   * Both networks. ReLU everywhere, except leaky ReLU (0.2) in the critic of a DCGAN; tanh at the output of the
   * generator.
   */
  readonly network: MlpShape | DcganShape | ResnetShape;
  readonly objective: 'wgan' | 'non-saturating';
  readonly constraint:
    | { readonly kind: 'gradient-penalty'; readonly lambda: number }
    | { readonly kind: 'clip'; readonly c: number }
    | null;
  readonly criticSteps: number;
  readonly optimizer: Adam | Rmsprop;
}

interface Adam {
  readonly kind: 'adam';
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

interface Rmsprop {
  readonly kind: 'rmsprop';
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
}

/** Gulrajani et al. 2017, Algorithm 1. */
const wganGp = {
  batchSize: 64,
  latent: 100,
  objective: 'wgan',
  constraint: { kind: 'gradient-penalty', lambda: 10 },
  criticSteps: 5,
  optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
} as const;

export const cases: readonly BenchCase[] = [
  { name: 'wgan-gp-mlp', ...wganGp, sample: [28, 28, 1], network: { kind: 'mlp', depth: 3, width: 512 } },
  {
    name: 'wgan-gp-conv',
    ...wganGp,
    sample: [32, 32, 3],
    network: { kind: 'dcgan', filters: 64, kernel: 4, normalization: 'none' },
  },
  {
    // Arjovsky, Chintala, Bottou 2017, Algorithm 1, on their DCGAN.
    name: 'wgan-clip-conv',
    ...wganGp,
    sample: [32, 32, 3],
    network: { kind: 'dcgan', filters: 64, kernel: 4, normalization: 'batch' },
    constraint: { kind: 'clip', c: 0.01 },
    optimizer: { kind: 'rmsprop', learningRate: 5e-5, rho: 0.99, epsilon: 1e-8 },
  },
  {
    // Radford, Metz, Chintala 2016, section 4.
    name: 'dcgan-64',
    batchSize: 64,
    latent: 100,
    sample: [64, 64, 3],
    network: { kind: 'dcgan', filters: 64, kernel: 4, normalization: 'batch' },
    objective: 'non-saturating',
    constraint: null,
    criticSteps: 1,
    optimizer: { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
  },
  {
    // Gulrajani et al. 2017, appendix F, with a quarter of the filters.
    name: 'wgan-gp-resnet',
    ...wganGp,
    batchSize: 16,
    latent: 128,
    sample: [32, 32, 3],
    network: { kind: 'resnet', filters: 32 },
  },
];
