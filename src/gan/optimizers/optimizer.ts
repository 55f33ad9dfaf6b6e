// What an optimizer is: slots that are part of the training state, and an update of the variables from their gradients.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** Variables by a name that is the same in every process. */
export type Named = Readonly<Record<string, Variable>>;

/** Gradients by the variables' names, absent where a loss does not depend on one. */
export type Gradients = Readonly<Record<string, Tensor | undefined>>;

/** How an optimizer moves variables, at a learning rate that is a number or comes into the step. */
export interface UpdateRule {
  /** Moments and powers, by name. */
  readonly slots: Named;
  /** Assigns new values to variables and slots. */
  update(gradients: Gradients, alpha: Tensor | number): void;
}

export interface OptimizerMaths {
  readonly slots: Named;
  /** The learning rate changes over the run: `update` wants that of the step. */
  readonly scheduled: boolean;
  /** Assigns new values to variables and slots. `alpha` is the learning rate of the step, where there is a schedule. */
  update(gradients: Gradients, alpha?: Tensor): void;
}

export const gradientOf = (gradients: Gradients, name: string, w: Variable): Tensor =>
  gradients[name] ?? tf.zerosLike(w);

/** A slot for every variable, starting at zero. */
export const zerosLike = (variables: Named, prefix: string, slot: string): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, w]) => [
      `${name}/${slot}`,
      untrained(tf.zeros(w.shape), `${prefix}/${name}/${slot}`),
    ]),
  );

/** A variable that no gradient is taken for. */
export function untrained(value: Tensor, name: string): Variable {
  const variable = tf.variable(value, false, unique(name));
  value.dispose();
  return variable;
}

let count = 0;
/** TensorFlow.js wants names that no other variable of the process has; in the state they go by their own names. */
const unique = (name: string): string => `${name}#${++count}`;
