// The networks, constraints and optimizers of the small GANs in ganSystems.ts.
import type {
  CatalogNetworkConfig,
  ConstraintConfig,
  DivergenceId,
  ObjectiveConfig,
  OptimizerConfig,
} from '../../src/catalog';

export const mlp = (
  activation: CatalogNetworkConfig<'mlp'>['activation'],
  normalization: CatalogNetworkConfig<'mlp'>['normalization'] = 'none',
): CatalogNetworkConfig<'mlp'> => ({
  network: 'mlp',
  depth: 2,
  width: 16,
  normalization,
  activation,
  initializer: 'he',
});
export const dcgan = (
  activation: CatalogNetworkConfig<'dcgan'>['activation'],
  normalization: CatalogNetworkConfig<'dcgan'>['normalization'],
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
export const constantDcgan: CatalogNetworkConfig<'dcgan-constant'> = {
  network: 'dcgan-constant',
  filters: 4,
  kernel: 4,
  activation: 'tanh',
  slope: 0.2,
  initializer: 'he',
};
export const resnet = (
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
export const penalty = (lambda: number, sides: 'one' | 'two' = 'two'): ConstraintConfig => ({
  kind: 'gradient-penalty',
  lambda,
  target: 1,
  sides,
});
export const adam = (learningRate: number, beta1: number): OptimizerConfig => ({
  kind: 'adam',
  learningRate,
  beta1,
  beta2: 0.9,
  epsilon: 1e-8,
  schedule: 'constant',
});
/** If a gradient is pure rounding error, Adam divides by a moment near zero; a larger ε keeps such updates small. */
export const gentle: OptimizerConfig = {
  kind: 'adam',
  learningRate: 1e-3,
  beta1: 0,
  beta2: 0.9,
  epsilon: 1e-3,
  schedule: 'constant',
};
export const rmsprop: OptimizerConfig<'rmsprop'> = {
  kind: 'rmsprop',
  learningRate: 1e-3,
  rho: 0.99,
  epsilon: 1e-8,
  schedule: 'constant',
};
export const fGan = (divergence: DivergenceId): ObjectiveConfig<'f-gan'> => ({
  kind: 'f-gan',
  divergence,
  nonSaturating: false,
});
