// What a GAN is assembled from: its networks, rules and sizes.
import type { BatchNormStatistics, Network } from './network';
import type { Objective } from './objective';
import type { Optimizer } from './optimizers';
import type { Regularizer } from './regularizers/regularizer';
import type { Reparametrization } from './spectralNorm';

export interface GanParts {
  readonly generator: Network;
  readonly critic: Network;
  /**
   * A second generator whose weights are the moving average of the first one's: w̄ ← δw̄ + (1−δ)w. Null without EMA.
   */
  readonly average: { readonly network: Network; readonly decay: number } | null;
  readonly objective: Objective;
  /** Share by which the label of real samples is moved, for an objective with labels; null for none. */
  readonly labelSmoothing: number | null;
  readonly regularizers: readonly Regularizer[];
  readonly reparametrization: Reparametrization | null;
  readonly optimizer: { readonly generator: Optimizer; readonly critic: Optimizer };
  /** Whether the critic's step reports its cosine with the gradient. */
  readonly stepCosine: boolean;
  /** Whether instance noise is added to the inputs of the critic: x + σn. */
  readonly instanceNoise: boolean;
  /** Mean and variance that batch normalization uses when samples are drawn. Default: 'moving'. */
  readonly batchNormStatistics?: BatchNormStatistics;
}

export interface Sizes {
  /** Samples per batch. */
  readonly batch: number;
  /** Numbers per latent vector z. */
  readonly latent: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
}
