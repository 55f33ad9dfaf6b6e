// The optimizers side by side: Adam, RMSProp and SGD with momentum, each with optional weight decay. g is the gradient,
// α the learning rate, w a variable; slots (moments and powers) are part of the training state.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerConfig, OptimizerId, WeightDecayConfig } from '../catalog';
import { nonTrainable, type NamedVariables } from './variables';

/** Gradients by the variables' names; absent for a variable that the loss does not depend on. */
type Gradients = Readonly<Record<string, Tensor | undefined>>;

/** How an optimizer updates variables, at a learning rate that is a constant or an input of the step. */
interface UpdateRule {
  /** Moments and powers, by name. */
  readonly slots: NamedVariables;
  /** Assigns new values to variables and slots. */
  update(gradients: Gradients, alpha: Tensor | number): void;
}

export interface Optimizer {
  readonly slots: NamedVariables;
  /** Whether the learning rate changes over the run; `update` then needs that of the step. */
  readonly scheduled: boolean;
  /** Assigns new values to variables and slots. `alpha` is the learning rate of the step if there is a schedule. */
  update(gradients: Gradients, alpha?: Tensor): void;
}

/** Adam with bias correction (Kingma, Ba 2015, Algorithm 1), ε outside the root. */
function adam(config: OptimizerConfig<'adam'>, variables: NamedVariables, role: string): UpdateRule {
  const { beta1, beta2, epsilon } = config;
  // Without momentum m is g itself and needs no slot.
  const momentum = beta1 > 0;
  const slots: Record<string, Variable> = {
    ...(momentum ? zeroSlots(variables, role, 'm') : {}),
    ...zeroSlots(variables, role, 'v'),
    beta1Power: nonTrainable(tf.scalar(1), `${role}/beta1Power`), // β₁ᵗ
    beta2Power: nonTrainable(tf.scalar(1), `${role}/beta2Power`), // β₂ᵗ
  };
  return {
    slots,
    update: (gradients, alpha) => {
      const { beta1Power, beta2Power } = slots;
      beta1Power.assign(tf.mul(beta1Power, beta1));
      beta2Power.assign(tf.mul(beta2Power, beta2));
      // α m̂/(√v̂ + ε) = [α √(1−β₂ᵗ)/(1−β₁ᵗ)] m/(√v + ε √(1−β₂ᵗ)): the corrections are scalars of the step.
      const root = tf.sqrt(tf.sub(1, beta2Power));
      const rate = tf.div(tf.mul(alpha, root), tf.sub(1, beta1Power));
      const floor = tf.mul(epsilon, root);
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOrZero(gradients, name, w);
        const [m, v] = [slots[`${name}/m`], slots[`${name}/v`]];
        if (momentum) m.assign(tf.add(tf.mul(beta1, m), tf.mul(1 - beta1, g))); // m ← β₁m + (1−β₁)g
        v.assign(tf.add(tf.mul(beta2, v), tf.mul(1 - beta2, tf.square(g)))); // v ← β₂v + (1−β₂)g²
        w.assign(tf.sub(w, tf.div(tf.mul(rate, momentum ? m : g), tf.add(tf.sqrt(v), floor))));
      }
    },
  };
}

/** RMSProp as in the WGAN authors' code: v ← ρv + (1−ρ)g², w ← w − α g/(√v + ε). */
function rmsprop({ rho, epsilon }: OptimizerConfig<'rmsprop'>, variables: NamedVariables, role: string): UpdateRule {
  const slots = zeroSlots(variables, role, 'v');
  return {
    slots,
    update: (gradients, alpha) => {
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOrZero(gradients, name, w);
        const v = slots[`${name}/v`];
        v.assign(tf.add(tf.mul(rho, v), tf.mul(1 - rho, tf.square(g)))); // v ← ρv + (1−ρ)g²
        w.assign(tf.sub(w, tf.div(tf.mul(alpha, g), tf.add(tf.sqrt(v), epsilon)))); // w ← w − α g/(√v + ε)
      }
    },
  };
}

/** Stochastic gradient descent with momentum (Polyak 1964): m ← μm + g, w ← w − αm. */
function sgd({ momentum }: OptimizerConfig<'sgd'>, variables: NamedVariables, role: string): UpdateRule {
  // Without momentum m is g itself and needs no slot.
  const slots = momentum > 0 ? zeroSlots(variables, role, 'm') : {};
  return {
    slots,
    update: (gradients, alpha) => {
      for (const [name, w] of Object.entries(variables)) {
        const g = gradientOrZero(gradients, name, w);
        const m = momentum > 0 ? slots[`${name}/m`] : g;
        if (momentum > 0) slots[`${name}/m`].assign(tf.add(tf.mul(momentum, m), g)); // m ← μm + g
        w.assign(tf.sub(w, tf.mul(alpha, m))); // w ← w − αm
      }
    },
  };
}

/**
 * Weight decay in addition to an optimizer. Coupled: g ← g + δw, the gradient of δ/2‖w‖². Decoupled: w ← w − αδw,
 * separate from the update (Loshchilov, Hutter 2019, Decoupled Weight Decay Regularization, Algorithm 2).
 */
function withWeightDecay(
  { rate: delta, coupling }: Pick<WeightDecayConfig, 'rate' | 'coupling'>,
  rule: UpdateRule,
  variables: NamedVariables,
): UpdateRule {
  const each = Object.entries(variables);
  return {
    slots: rule.slots,
    update: (gradients, alpha) => {
      if (coupling === 'coupled') {
        // g + δw
        const sums = each.map(([name, w]) => [name, tf.add(gradientOrZero(gradients, name, w), tf.mul(delta, w))]);
        rule.update(Object.fromEntries(sums) as typeof gradients, alpha);
        return;
      }
      const shares = each.map(([, w]) => tf.mul(tf.mul(alpha, delta), w)); // αδw, with the weight before the update
      rule.update(gradients, alpha);
      each.forEach(([, w], i) => w.assign(tf.sub(w, shares[i])));
    },
  };
}

const gradientOrZero = (gradients: Gradients, name: string, w: Variable): Tensor => gradients[name] ?? tf.zerosLike(w);

/** A slot for every variable, starting at zero. */
const zeroSlots = (variables: NamedVariables, prefix: string, slot: string): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, w]) => [
      `${name}/${slot}`,
      nonTrainable(tf.zeros(w.shape), `${prefix}/${name}/${slot}`),
    ]),
  );

type Factory<K extends OptimizerId> = (
  config: OptimizerConfig<K>,
  variables: NamedVariables,
  role: string,
) => UpdateRule;

const rules: { readonly [K in OptimizerId]: Factory<K> } = { adam, rmsprop, sgd };

/** An optimizer of these variables, with weight decay if given. `role` prefixes the names of its slots. */
export function createOptimizer(
  config: OptimizerConfig,
  variables: NamedVariables,
  role: string,
  decay: WeightDecayConfig | null = null,
): Optimizer {
  const rule = (rules[config.kind] as Factory<OptimizerId>)(config, variables, role);
  const { slots, update } = decay ? withWeightDecay(decay, rule, variables) : rule;
  return {
    slots,
    scheduled: config.schedule !== 'constant',
    update: (gradients, alpha) => update(gradients, alpha ?? config.learningRate),
  };
}
