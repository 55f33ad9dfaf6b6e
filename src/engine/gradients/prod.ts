// The gradient of a product along axes. TensorFlow.js' own uses cumulative products, which have no gradient.
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
      const rest = productsAfter(factors);
      const others = productsBefore(factors).map((product, i) => tf.mul(product, rest[i]));
      const dx = tf.mul(tf.stack(others, kept.length), tf.reshape(dy, [...kept.map((i) => x.shape[i]), 1]));
      return tf.transpose(tf.reshape(dx, moved.shape), inverse(order));
    },
  }),
};

/** For each factor, the product of all factors before it. */
function productsBefore(factors: readonly tf.Tensor[]): tf.Tensor[] {
  let product: tf.Tensor = tf.onesLike(factors[0]);
  return factors.map((factor) => {
    const previous = product;
    product = tf.mul(product, factor);
    return previous;
  });
}

const productsAfter = (factors: readonly tf.Tensor[]): tf.Tensor[] => productsBefore(factors.toReversed()).toReversed();

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i));
