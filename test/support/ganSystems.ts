// Small GANs that between them have every objective, constraint, normalization, optimizer, weight decay and schedule:
// for tests against the float64 reference, and for the comparison with PyTorch.
import type { OptimizerConfig } from '../../src/catalog';
import type { GanSystem } from './ganRun';
import { mlp, dcgan, constantDcgan, resnet, penalty, adam, gentle, rmsprop, fGan } from './ganSystemParts';

const points = { shape: [2], latent: 3, batch: 8 };
const smooth = { ...points, generator: mlp('tanh'), critic: mlp('tanh') };
const images = { shape: [16, 16, 2], latent: 5, batch: 4 };

/** ReLU masks flip with rounding errors, and both results are right: systems with ReLU have a larger tolerance. */
export const ganSystems: Readonly<Record<string, { readonly system: GanSystem; readonly tolerance: number }>> = {
  'WGAN with clipping, RMSProp, MLP': {
    system: {
      ...points,
      generator: mlp('tanh'),
      critic: mlp('tanh'),
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'clip', c: 0.1 }],
      optimizer: rmsprop,
    },
    tolerance: 2e-5,
  },
  'WGAN-GP, Adam without momentum, MLP': {
    system: {
      ...points,
      generator: mlp('tanh'),
      critic: mlp('tanh'),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 2e-5,
  },
  'WGAN-GP, one-sided, swish and softplus, MLP': {
    system: {
      ...points,
      generator: mlp('smooth-elu'),
      critic: mlp('swish'),
      objective: { kind: 'wgan' },
      constraint: [penalty(0.1, 'one')],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 2e-5,
  },
  'WGAN-GP, ReLU, MLP': {
    system: {
      ...points,
      generator: mlp('relu'),
      critic: mlp('leaky-relu'),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: gentle,
    },
    tolerance: 1e-3,
  },
  'non-saturating GAN, Adam with momentum, MLP on images': {
    system: {
      ...images,
      generator: mlp('tanh'),
      critic: mlp('tanh'),
      objective: { kind: 'non-saturating' },
      constraint: [],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 2e-5,
  },
  'WGAN-GP, DCGAN': {
    system: {
      ...images,
      generator: dcgan('tanh', 'none', 4),
      critic: dcgan('tanh', 'none', 4),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 1e-4,
  },
  'non-saturating GAN with a penalty, DCGAN of kernel 5 with batch norm in the generator': {
    system: {
      ...images,
      generator: dcgan('tanh', 'batch', 5),
      critic: dcgan('smooth-elu', 'none', 5),
      objective: { kind: 'non-saturating' },
      constraint: [penalty(1)],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 1e-3,
  },
  'non-saturating GAN, DCGAN with batch norm in both, ReLU': {
    system: {
      ...images,
      generator: dcgan('relu', 'batch', 4),
      critic: dcgan('leaky-relu', 'batch', 4),
      objective: { kind: 'non-saturating' },
      constraint: [],
      optimizer: rmsprop,
    },
    tolerance: 2e-2,
  },
  'LSGAN with a gradient penalty, Adam with momentum, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'lsgan', a: -1, b: 1, c: 0 },
      constraint: [penalty(10)],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 2e-5,
  },
  'minimax GAN with labels smoothed, SGD with momentum falling linearly, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'minimax' },
      constraint: [],
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, schedule: 'linear' },
      labelSmoothing: 0.1,
    },
    tolerance: 2e-5,
  },
  'LSGAN with labels smoothed, SGD without momentum, decoupled decay, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'lsgan', a: 0, b: 1, c: 1 },
      constraint: [],
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0, schedule: 'cosine' },
      labelSmoothing: 0.2,
      weightDecay: { rate: 0.1, coupling: 'decoupled', appliesTo: 'critic' },
    },
    tolerance: 2e-5,
  },
  'ML-GAN, RMSProp falling as a cosine, coupled decay, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'ml-gan', halved: true },
      constraint: [],
      optimizer: { ...rmsprop, schedule: 'cosine' },
      weightDecay: { rate: 0.1, coupling: 'coupled', appliesTo: 'critic' },
    },
    tolerance: 2e-5,
  },
  'f-GAN of KL with R1, Adam falling linearly, MLP': {
    system: {
      ...smooth,
      objective: fGan('kl'),
      constraint: [{ kind: 'r1', gamma: 10 }],
      optimizer: { ...adam(1e-3, 0.5), schedule: 'linear' },
    },
    tolerance: 2e-5,
  },
  'f-GAN of squared Hellinger with the trick and R2, Adam, MLP': {
    system: {
      ...smooth,
      objective: { ...fGan('squared-hellinger'), nonSaturating: true },
      constraint: [{ kind: 'r2', gamma: 1 }],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 2e-5,
  },
  'hinge with spectral normalization, two iterations, Adam, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'hinge' },
      constraint: [{ kind: 'spectral-norm', iterations: 2 }],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 2e-5,
  },
  'hinge with spectral normalization, DCGAN of kernel 5': {
    system: {
      ...images,
      generator: dcgan('tanh', 'none', 4),
      critic: dcgan('tanh', 'none', 5),
      objective: { kind: 'hinge' },
      constraint: [{ kind: 'spectral-norm', iterations: 1 }],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 1e-4,
  },
  'WGAN with spectral normalization and a gradient penalty, MLP': {
    system: {
      ...smooth,
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'spectral-norm', iterations: 1 }, penalty(10)],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 2e-5,
  },
  'non-saturating GAN with DRAGAN, DCGAN': {
    system: {
      ...images,
      generator: dcgan('tanh', 'none', 4),
      critic: dcgan('tanh', 'none', 4),
      objective: { kind: 'non-saturating' },
      constraint: [{ kind: 'dragan', lambda: 10, target: 1 }],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 1e-4,
  },
  'WGAN-GP, residual networks with batch norm in the generator': {
    system: {
      ...images,
      generator: resnet('tanh', 'batch'),
      critic: resnet('swish', 'none'),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: gentle,
    },
    tolerance: 1e-4,
  },
  'WGAN-GP, residual networks with layer norm in the critic, ReLU': {
    system: {
      ...images,
      generator: resnet('relu', 'batch'),
      critic: resnet('relu', 'layer'),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: gentle,
    },
    tolerance: 1e-3,
  },
  'hinge with spectral normalization, residual networks': {
    system: {
      ...images,
      generator: resnet('tanh', 'instance'),
      critic: resnet('smooth-elu', 'none'),
      objective: { kind: 'hinge' },
      constraint: [{ kind: 'spectral-norm', iterations: 1 }],
      optimizer: gentle,
    },
    tolerance: 1e-4,
  },
  'WGAN with clipping, DCGAN of constant filters in the generator': {
    system: {
      ...images,
      generator: constantDcgan,
      critic: dcgan('tanh', 'none', 4),
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'clip', c: 0.1 }],
      optimizer: rmsprop,
    },
    tolerance: 1e-4,
  },
  'least squares with a gradient penalty, DCGAN of constant filters in both': {
    system: {
      ...images,
      generator: constantDcgan,
      critic: constantDcgan,
      objective: { kind: 'lsgan', a: -1, b: 1, c: 0 },
      constraint: [penalty(10)],
      optimizer: adam(1e-3, 0.5),
    },
    tolerance: 1e-4,
  },
  'WGAN-GP, the generator of one parameter': {
    system: {
      ...points,
      latent: 1,
      generator: { network: 'shift', theta: 0.5 },
      critic: mlp('tanh'),
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: adam(1e-3, 0),
    },
    tolerance: 2e-5,
  },
  'minimax, the generator of one parameter': {
    system: {
      ...points,
      latent: 1,
      generator: { network: 'shift', theta: 1 },
      critic: mlp('tanh'),
      objective: { kind: 'minimax' },
      constraint: [],
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, schedule: 'constant' },
    },
    tolerance: 2e-5,
  },
  'ML-GAN, not halved, Adam with decoupled decay falling as a cosine (AdamW), layer norm in the critic': {
    system: {
      ...smooth,
      critic: mlp('tanh', 'layer'),
      objective: { kind: 'ml-gan', halved: false },
      constraint: [],
      optimizer: { ...gentle, schedule: 'cosine' },
      weightDecay: { rate: 0.1, coupling: 'decoupled', appliesTo: 'critic' },
    },
    tolerance: 1e-4,
  },
  'non-saturating GAN with the one-sided penalty, batch norm in the generator, Adam with coupled decay, MLP': {
    system: {
      ...smooth,
      generator: mlp('tanh', 'batch'),
      objective: { kind: 'non-saturating' },
      constraint: [penalty(2, 'one')],
      optimizer: gentle,
      weightDecay: { rate: 0.1, coupling: 'coupled', appliesTo: 'critic' },
    },
    tolerance: 1e-4,
  },
  'hinge with R1 and R2, RMSProp with decoupled decay falling linearly, instance norm in the critic, DCGAN': {
    system: {
      ...images,
      generator: dcgan('tanh', 'layer', 4),
      critic: dcgan('tanh', 'instance', 4),
      objective: { kind: 'hinge' },
      constraint: [
        { kind: 'r1', gamma: 1 },
        { kind: 'r2', gamma: 2 },
      ],
      optimizer: { ...rmsprop, epsilon: 1e-3, schedule: 'linear' },
      weightDecay: { rate: 0.1, coupling: 'decoupled', appliesTo: 'critic' },
    },
    tolerance: 1e-3,
  },
  'LSGAN with DRAGAN, target 0.5, SGD with momentum and coupled decay, ELU': {
    system: {
      ...points,
      generator: mlp('elu'),
      critic: mlp('smooth-elu'),
      objective: { kind: 'lsgan', a: 0, b: 1, c: 1 },
      constraint: [{ kind: 'dragan', lambda: 3, target: 0.5 }],
      optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9, schedule: 'constant' },
      weightDecay: { rate: 0.05, coupling: 'coupled', appliesTo: 'critic' },
    },
    tolerance: 2e-5,
  },
  'WGAN-GP, Adam with β₂ 0.9999': {
    system: {
      ...smooth,
      objective: { kind: 'wgan' },
      constraint: [penalty(10)],
      optimizer: { ...adam(1e-3, 0.9), beta2: 0.9999 } as OptimizerConfig,
    },
    tolerance: 2e-5,
  },
  ...Object.fromEntries(
    (['reverse-kl', 'pearson', 'neyman', 'js', 'gan', 'total-variation'] as const).map((divergence, i) => [
      `f-GAN of ${divergence}, SGD, MLP`,
      {
        system: {
          ...smooth,
          objective: { ...fGan(divergence), nonSaturating: i % 2 === 1 },
          constraint: [],
          optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.5, schedule: 'constant' },
        } satisfies GanSystem,
        tolerance: 2e-5,
      },
    ]),
  ),
};
