// The product's training steps, compiled, against the float64 oracle: losses and every weight over five iterations.
import { describe, expect, it } from 'vitest';
import type { CatalogNetworkConfig, ConstraintConfig, ObjectiveConfig, OptimizerConfig } from '../../../src/catalog';
import { ALL_PASSES, NO_PASSES } from '../../../src/engine/passes/optimize';
import { distance, parametersOf, reference, trained, type GanSystem } from '../../support/ganRun';

const mlp = (activation: CatalogNetworkConfig<'mlp'>['activation']): CatalogNetworkConfig<'mlp'> => ({
  network: 'mlp',
  depth: 2,
  width: 16,
  normalization: 'none',
  activation,
  initializer: 'he',
});
const dcgan = (
  activation: CatalogNetworkConfig<'dcgan'>['activation'],
  normalization: 'none' | 'batch',
  kernel: 4 | 5,
): CatalogNetworkConfig<'dcgan'> => ({
  network: 'dcgan',
  filters: 4,
  activation,
  normalization,
  kernel,
  slope: 0.2,
  initializer: 'he',
});
const constantDcgan: CatalogNetworkConfig<'dcgan-constant'> = {
  network: 'dcgan-constant',
  filters: 4,
  kernel: 4,
  activation: 'tanh',
  slope: 0.2,
  initializer: 'he',
};
const resnet = (
  activation: CatalogNetworkConfig<'resnet'>['activation'],
  normalization: CatalogNetworkConfig<'resnet'>['normalization'],
): CatalogNetworkConfig<'resnet'> => ({
  network: 'resnet',
  filters: 3,
  activation,
  normalization,
  slope: 0.2,
  initializer: 'he',
});
const penalty = (lambda: number, sides: 'one' | 'two' = 'two'): ConstraintConfig => ({
  kind: 'gradient-penalty',
  lambda,
  target: 1,
  sides,
});
const adam = (learningRate: number, beta1: number): OptimizerConfig => ({
  kind: 'adam',
  learningRate,
  beta1,
  beta2: 0.9,
  epsilon: 1e-8,
  schedule: 'constant',
});
/** If a gradient is pure rounding error, Adam divides by a moment near zero; a larger ε keeps such updates small. */
const gentle: OptimizerConfig = {
  kind: 'adam',
  learningRate: 1e-3,
  beta1: 0,
  beta2: 0.9,
  epsilon: 1e-3,
  schedule: 'constant',
};
const rmsprop: OptimizerConfig = {
  kind: 'rmsprop',
  learningRate: 1e-3,
  rho: 0.99,
  epsilon: 1e-8,
  schedule: 'constant',
};
const fGan = (divergence: ObjectiveConfig<'f-gan'>['divergence']): ObjectiveConfig<'f-gan'> => ({
  kind: 'f-gan',
  divergence,
  nonSaturating: false,
});
const points = { shape: [2], latent: 3, batch: 8 };
const smooth = { ...points, generator: mlp('tanh'), critic: mlp('tanh') };
const images = { shape: [16, 16, 2], latent: 5, batch: 4 };

/** ReLU masks flip with rounding errors, and both results are right: systems with ReLU have a larger tolerance. */
const systems: Readonly<Record<string, { system: GanSystem; tolerance: number }>> = {
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
};

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

describe.each(Object.entries(systems))('%s', (_, { system, tolerance }) => {
  let known: ReturnType<typeof reference> | undefined;
  it.each([
    ['as compiled', ALL_PASSES],
    ['without any pass', NO_PASSES],
  ])('equals the float64 reference over five iterations, %s', async (_, passes) => {
    const ours = await trained(system, passes);
    const oracle = (known ??= reference(system, ours.initial));
    expect(distance(ours.losses, oracle.losses)).toBeLessThan(tolerance);
    for (const role of ['generator', 'critic'] as const) {
      expect(parametersOf(ours.final, role).length).toBe(oracle.state[role].w.length);
      // Compare the change by the updates: at a small learning rate the weight itself would hide an error.
      const moves = parametersOf(ours.final, role).map(({ name, values }, k) => {
        const moved = (to: ArrayLike<number>) => Float64Array.from(to, (w, i) => w - ours.initial[name][i]);
        return { name, ours: moved(values), theirs: moved(oracle.state[role].w[k]) };
      });
      const scale = Math.max(...moves.map(({ theirs }) => largest(theirs)));
      for (const { name, ours, theirs } of moves) {
        // A normalization cancels the bias before it, whose gradient is pure rounding error.
        const idle = largest(theirs) < 1e-9 * scale;
        const off = idle ? largest(ours) / scale : distance(ours, theirs);
        expect(off, name).toBeLessThan(50 * tolerance);
      }
    }
    parametersOf(ours.final, 'critic').forEach(({ name }, k) => {
      const u = ours.final[`normalization/${name}/u`];
      if (u) expect(distance(u, oracle.state.u![k]!), `u of ${name}`).toBeLessThan(50 * tolerance);
    });
  });
});
