// The gradient of a product along axes; TensorFlow.js' own is written with cumulative products, which have none
// themselves.
import * as tf from '@tensorflow/tfjs-core';
import type { Rule } from './rule';

/** ∂y/∂x_i is the product of all the others: of those before it and those after it, so that zeros do no harm. */
export const Prod: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, { axis }) => ({
    x: () => {
      const reduced = new Set(tf.util.parseAxisParam(axis as number | number[], x.shape));
      const kept = x.shape.map((_, i) => i).filter((i) => !reduced.has(i));
      const order = [...kept, ...reduced];
      const moved = tf.transpose(x, order);
      const factors = tf.unstack(tf.reshape(moved, [...kept.map((i) => x.shape[i]), -1]), kept.length);
      const rest = after(factors);
      const others = before(factors).map((product, i) => tf.mul(product, rest[i]));
      const dx = tf.mul(tf.stack(others, kept.length), tf.reshape(dy, [...kept.map((i) => x.shape[i]), 1]));
      return tf.transpose(tf.reshape(dx, moved.shape), inverse(order));
    },
  }),
};

/** Of each factor, the product of those before it. */
function before(factors: readonly tf.Tensor[]): tf.Tensor[] {
  let product: tf.Tensor = tf.onesLike(factors[0]);
  return factors.map((factor) => {
    const sofar = product;
    product = tf.mul(product, factor);
    return sofar;
  });
}

const after = (factors: readonly tf.Tensor[]): tf.Tensor[] => before(factors.toReversed()).toReversed();

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i));
