// Pieces of a training step: gradients with what was computed on the way, and the moving average of a generator.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Network } from './networks';
import type { Named } from './optimizers';

export type Tensors = Record<string, Tensor>;

/** A loss, and what was computed on the way. */
export interface Graded {
  readonly loss: Scalar;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** ∂loss/∂w by the names of `variables`, and what was computed on the way. */
export function gradientsOf(variables: Named, f: () => Graded): { gradients: Tensors; results: Tensors } {
  let results: Tensors = {};
  const { value, grads } = tf.variableGrads(() => {
    const graded = f();
    results = Object.fromEntries(Object.entries(graded.results).map(([name, t]) => [name, tf.keep(tf.clone(t))]));
    return graded.loss;
  }, Object.values(variables));
  value.dispose();
  const gradients = Object.entries(variables).flatMap(([name, w]) => (grads[w.name] ? [[name, grads[w.name]]] : []));
  return { gradients: Object.fromEntries(gradients) as Tensors, results };
}

/** w̄ ← δw̄ + (1−δ)w for the parameters; moving averages of normalizations are taken over as they are. */
export function follow(average: Network, { parameters, buffers }: Network, decay: number): void {
  for (const [name, w] of Object.entries(parameters)) {
    const mean: Variable = average.parameters[name];
    mean.assign(tf.add(tf.mul(decay, mean), tf.mul(1 - decay, w)));
  }
  for (const [name, b] of Object.entries(buffers)) average.buffers[name].assign(tf.clone(b));
}

/** Calls `f`, after which these variables are what they were before. */
export function unmoved<T>(variables: Named, f: () => T): T {
  const before = Object.entries(variables).map(([name, v]) => [name, tf.clone(v)] as const);
  const result = f();
  for (const [name, value] of before) variables[name].assign(value);
  return result;
}

/** The same tensors under longer names. */
export const prefixed = <T extends Tensor>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [`${prefix}/${name}`, t]));
