// The optimizers by id.
import type { Optimizer, OptimizerId } from '../../catalog';
import { adam } from './adam';
import type { Named, OptimizerMaths } from './optimizer';
import { rmsprop } from './rmsprop';

type Maths<K extends OptimizerId> = (optimizer: Optimizer<K>, variables: Named, role: string) => OptimizerMaths;

export const optimizerMaths: { readonly [K in OptimizerId]: Maths<K> } = { adam, rmsprop };

/** An optimizer of these variables. */
export function optimizerOf<K extends OptimizerId>(
  optimizer: Optimizer<K>,
  variables: Named,
  role: string,
): OptimizerMaths {
  return (optimizerMaths[optimizer.kind as K] as Maths<K>)(optimizer, variables, role);
}

export { untrained, type Named, type OptimizerMaths } from './optimizer';
