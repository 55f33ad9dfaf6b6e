// The optimizers side by side: Adam, RMSProp and SGD with momentum, each with optional weight decay. g is the gradient,
// α the learning rate, w a variable; slots (moments) are part of the training state.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerConfig, OptimizerId, WeightDecayConfig } from '../catalog';
import { nonTrainable, type NamedVariables } from './variables';

/** By the variables' names; absent for a variable that the loss does not depend on. */
type Gradients = Readonly<Record<string, Tensor | undefined>>;

/** The numbers that change from update to update. They are inputs of the step: see `updateScalars`. */
export const updateScalarNames = ['learningRate', 'stepSize', 'floor'] as const;
type UpdateScalarName = (typeof updateScalarNames)[number];
export type UpdateScalars = { readonly [N in UpdateScalarName]?: Tensor };

/** How an optimizer updates variables. */
interface UpdateRule {
  /** Moments, by name. */
  readonly slots: NamedVariables;
  /** The scalars that `step` needs, whatever the schedule. */
  readonly scalars: readonly UpdateScalarName[];
  /**
   * What is subtracted from the variable of this name, with the gradient g; assigns new values to its moments. `alpha`
   * is a constant, or an input of the step.
   */
  step(name: string, g: Tensor, alpha: Tensor | number, scalars: UpdateScalars): Tensor;
}

export interface Optimizer {
  readonly slots: NamedVariables;
  /** The scalars that `update` needs. */
  readonly scalars: readonly UpdateScalarName[];
  /** Assigns new values to variables and slots. Returns the step: what it subtracted from each variable. */
  update(gradients: Gradients, scalars: UpdateScalars): Readonly<Record<string, Tensor>>;
}

/**
 * The scalars of update number `t`, counted from 1, at the learning rate α of its step. They are computed here in
 * double precision, because in float32 1 − βᵗ loses all digits as β approaches 1.
 */
export function updateScalars(
  config: OptimizerConfig,
  t: number,
  alpha: number,
): { readonly [N in UpdateScalarName]: number } {
  if (config.kind !== 'adam') return { learningRate: alpha, stepSize: alpha, floor: 0 };
  const { beta1, beta2, epsilon } = config;
  // α m̂/(√v̂ + ε) = [α √(1−β₂ᵗ)/(1−β₁ᵗ)] m/(√v + ε √(1−β₂ᵗ))
  const root = Math.sqrt(oneMinusPower(beta2, t));
  return { learningRate: alpha, stepSize: (alpha * root) / oneMinusPower(beta1, t), floor: epsilon * root };
}

/** Sets those inputs of a step that are scalars of its update; the arguments are those of `updateScalars`. */
export function fillUpdateScalars(
  inputs: Readonly<Record<string, Float32Array>>,
  ...update: Parameters<typeof updateScalars>
): void {
  for (const [name, value] of Object.entries(updateScalars(...update)))
    if (Object.hasOwn(inputs, name)) inputs[name][0] = value;
}

/** 1 − βᵗ, without cancellation. */
const oneMinusPower = (beta: number, t: number): number => -Math.expm1(t * Math.log1p(beta - 1));

/**
 * x̄ + (1−β)(x − x̄), the moving average βx̄ + (1−β)x: in this form only the small 1 − β is rounded to float32, not a β
 * near 1.
 */
export const movingAverage = (mean: Tensor, x: Tensor, beta: number): Tensor =>
  tf.add(mean, tf.mul(1 - beta, tf.sub(x, mean)));

/** Adam with bias correction (Kingma, Ba 2015, Algorithm 1), ε outside the root. */
function adam({ beta1, beta2 }: OptimizerConfig<'adam'>, variables: NamedVariables, role: string): UpdateRule {
  // Without momentum m is g itself and needs no slot.
  const momentum = beta1 > 0;
  const slots: Record<string, Variable> = {
    ...(momentum ? zeroSlots(variables, role, 'm') : {}),
    ...zeroSlots(variables, role, 'v'),
  };
  return {
    slots,
    scalars: ['stepSize', 'floor'],
    step: (name, g, _alpha, { stepSize, floor }) => {
      if (!stepSize || !floor) throw new Error('assertion failed: Adam without its bias corrections');
      const [m, v] = [slots[`${name}/m`], slots[`${name}/v`]];
      if (momentum) m.assign(movingAverage(m, g, beta1)); // m ← β₁m + (1−β₁)g
      v.assign(movingAverage(v, tf.square(g), beta2)); // v ← β₂v + (1−β₂)g²
      return tf.div(tf.mul(stepSize, momentum ? m : g), tf.add(tf.sqrt(v), floor)); // α m̂/(√v̂ + ε)
    },
  };
}

/** RMSProp as in the WGAN authors' code: v ← ρv + (1−ρ)g², w ← w − α g/(√v + ε). */
function rmsprop({ rho, epsilon }: OptimizerConfig<'rmsprop'>, variables: NamedVariables, role: string): UpdateRule {
  const slots = zeroSlots(variables, role, 'v');
  return {
    slots,
    scalars: [],
    step: (name, g, alpha) => {
      const v = slots[`${name}/v`];
      v.assign(movingAverage(v, tf.square(g), rho)); // v ← ρv + (1−ρ)g²
      return tf.div(tf.mul(alpha, g), tf.add(tf.sqrt(v), epsilon)); // α g/(√v + ε)
    },
  };
}

/** Stochastic gradient descent with momentum (Polyak 1964): m ← μm + g, w ← w − αm. */
function sgd({ momentum }: OptimizerConfig<'sgd'>, variables: NamedVariables, role: string): UpdateRule {
  // Without momentum m is g itself and needs no slot.
  const slots = momentum > 0 ? zeroSlots(variables, role, 'm') : {};
  return {
    slots,
    scalars: [],
    step: (name, g, alpha) => {
      const m = momentum > 0 ? slots[`${name}/m`] : g;
      if (momentum > 0) slots[`${name}/m`].assign(tf.add(tf.mul(momentum, m), g)); // m ← μm + g
      return tf.mul(alpha, m);
    },
  };
}

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

/**
 * An optimizer of these variables, with weight decay if given. `role` prefixes the names of its slots.
 *
 * Coupled decay: g ← g + δw, the gradient of δ/2‖w‖². Decoupled: w ← w − αδw, separate from the update, as in PyTorch's
 * AdamW. In Algorithm 2 of Loshchilov, Hutter 2019, Decoupled Weight Decay Regularization, the decay λ is not
 * multiplied by the learning rate: that λ is αδ here, at the α of the first step.
 */
export function createOptimizer(
  config: OptimizerConfig,
  variables: NamedVariables,
  role: string,
  decay: Pick<WeightDecayConfig, 'rate' | 'coupling'> | null = null,
): Optimizer {
  const { slots, scalars, step } = (rules[config.kind] as Factory<OptimizerId>)(config, variables, role);
  const decayed = (w: Variable): Tensor => tf.mul(decay!.rate, w); // δw
  return {
    slots,
    scalars: config.schedule === 'constant' ? scalars : ['learningRate', ...scalars],
    update: (gradients, given) => {
      const alpha = given.learningRate ?? config.learningRate;
      const steps = Object.entries(variables).map(([name, w]) => {
        const g = gradients[name] ?? tf.zerosLike(w);
        if (decay?.coupling === 'coupled') return [name, step(name, tf.add(g, decayed(w)), alpha, given)] as const;
        const taken = step(name, g, alpha, given);
        return [name, decay ? tf.add(taken, tf.mul(alpha, decayed(w))) : taken] as const;
      });
      for (const [name, taken] of steps) variables[name].assign(tf.sub(variables[name], taken));
      return Object.fromEntries(steps);
    },
  };
}
