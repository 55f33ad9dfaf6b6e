// The constraints of an experiment by id: regularizers of the critic, and spectral normalization, which reparametrizes
// it.
import type { ConstraintConfig, ConstraintId } from '../catalog';
import type { Network } from './network';
import { dragan } from './regularizers/dragan';
import { gradientPenalty } from './regularizers/gradientPenalty';
import { r1, r2 } from './regularizers/r1r2';
import type { Regularizer } from './regularizers/regularizer';
import { weightClipping } from './regularizers/weightClipping';
import { spectralNorm, type Reparametrization } from './spectralNorm';

type RegularizerId = Exclude<ConstraintId, 'spectral-norm'>;
type Factory<K extends RegularizerId> = (config: ConstraintConfig<K>) => Regularizer;

const regularizers: { readonly [K in RegularizerId]: Factory<K> } = {
  clip: weightClipping,
  'gradient-penalty': gradientPenalty,
  r1,
  r2,
  dragan,
};

function createRegularizer<K extends RegularizerId>(config: ConstraintConfig<K>): Regularizer {
  return (regularizers[config.kind as K] as Factory<K>)(config);
}

export interface Constraints {
  /** In the order of the experiment. */
  readonly regularizers: readonly Regularizer[];
  readonly reparametrization: Reparametrization | null;
}

/** The constraints on this critic. `seed` draws the first vectors of the power iteration. */
export function createConstraints(configs: readonly ConstraintConfig[], critic: Network, seed: number): Constraints {
  const [spectral] = configs.flatMap((config) => (config.kind === 'spectral-norm' ? config : []));
  return {
    regularizers: configs.flatMap((config) => (config.kind === 'spectral-norm' ? [] : createRegularizer(config))),
    reparametrization: spectral ? spectralNorm(spectral, { critic, seed }) : null,
  };
}
