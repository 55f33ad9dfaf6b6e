// Variables by names that are the same in every process, and the variables that no gradient is taken of.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

export type NamedVariables = Readonly<Record<string, Variable>>;

/** A variable of the training state that is no parameter: an optimizer slot, or a vector of a power iteration. */
export function nonTrainable(value: Tensor, name: string): Variable {
  const variable = tf.variable(value, false, unique(name));
  value.dispose();
  return variable;
}

let count = 0;
/** TensorFlow.js requires names that are unique in the process; the training state uses names of its own. */
const unique = (name: string): string => `${name}#${++count}`;

/** The same tensors under longer names, `prefix/name`. */
export const withPrefix = <T extends Tensor>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [`${prefix}/${name}`, t]));
