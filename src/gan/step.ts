// A step of a GAN, ready to be compiled by an engine, and the gradients that steps are made of.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { GanParts } from './ganParts';
import { withPrefix, type NamedVariables } from './variables';

export type Shape = readonly number[];
export type Tensors = Record<string, Tensor>;

/** Tensors in, tensors out. `compute` may assign variables on the way. */
export interface GanStep {
  readonly name: string;
  /** Shapes of the inputs by name. */
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly compute: (inputs: Tensors) => Tensors;
}

/** A step with named and typed inputs and outputs, which engines only know as records of tensors. */
export const defineStep = <In extends object, Out extends object>(
  name: string,
  inputs: { readonly [K in keyof In]: Shape },
  compute: (inputs: In) => Out,
): GanStep => ({ name, inputs, compute }) as unknown as GanStep;

/** A loss, and other tensors that were computed on the way. */
export interface LossResult<R extends object> {
  readonly loss: Scalar;
  readonly results: R;
}

/** ∂loss/∂w by the names of `variables`, and the other results of `f`. */
export function gradientsOf<R extends object>(
  variables: NamedVariables,
  f: () => LossResult<R>,
): { gradients: Tensors; results: R } {
  let results: Tensors = {};
  const { value, grads } = tf.variableGrads(() => {
    const computed = f();
    const entries = Object.entries(computed.results as Tensors);
    results = Object.fromEntries(entries.map(([name, t]) => [name, tf.keep(tf.clone(t))]));
    return computed.loss;
  }, Object.values(variables));
  value.dispose();
  const gradients = Object.entries(variables).flatMap(([name, w]) => (grads[w.name] ? [[name, grads[w.name]]] : []));
  return { gradients: Object.fromEntries(gradients) as Tensors, results: results as R };
}

/** The variables that a step in training mode changes without a gradient: moving averages of normalizations. */
export const buffersOf = ({ generator, critic }: Pick<GanParts, 'generator' | 'critic'>): NamedVariables => ({
  ...withPrefix('generator', generator.buffers),
  ...withPrefix('critic', critic.buffers),
});

/** Calls `f` and then restores these variables to their values before. */
export function withRestored<T>(variables: NamedVariables, f: () => T): T {
  const before = Object.entries(variables).map(([name, v]) => [name, tf.clone(v)] as const);
  const result = f();
  for (const [name, value] of before) variables[name].assign(value);
  return result;
}
