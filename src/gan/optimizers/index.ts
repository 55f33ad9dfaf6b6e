// The optimizers by id.
import type { Optimizer, OptimizerId, WeightDecay } from '../../catalog';
import { adam } from './adam';
import type { Named, OptimizerMaths, UpdateRule } from './optimizer';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';
import { withDecay } from './weightDecay';

type Rule<K extends OptimizerId> = (optimizer: Optimizer<K>, variables: Named, role: string) => UpdateRule;

const optimizerMaths: { readonly [K in OptimizerId]: Rule<K> } = { adam, rmsprop, sgd };

/** An optimizer of these variables, with weight decay where it is given. */
export function optimizerOf(
  optimizer: Optimizer,
  variables: Named,
  role: string,
  decay: WeightDecay | null = null,
): OptimizerMaths {
  const bare = (optimizerMaths[optimizer.kind] as Rule<OptimizerId>)(optimizer, variables, role);
  const { slots, update } = decay ? withDecay(decay, bare, variables) : bare;
  return {
    slots,
    scheduled: optimizer.schedule !== 'constant',
    update: (gradients, alpha) => update(gradients, alpha ?? optimizer.learningRate),
  };
}

export { untrained, type Named, type OptimizerMaths } from './optimizer';
