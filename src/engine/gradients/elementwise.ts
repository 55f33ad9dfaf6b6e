// Gradients of elementwise kernels that TensorFlow.js lacks, or that are wrong at second order.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';
import { rulesOf, unbroadcast, zeros, type Attributes, type Rule, type Rules } from './rule';

/** A unary kernel with the derivative f′(x). */
const derivative = (f: (x: tf.Tensor, attributes: Attributes) => tf.Tensor): Rule => ({
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => ({ x: () => tf.mul(dy, f(x, attributes)) }),
});

/** A kernel whose derivative is zero almost everywhere. */
const flat = (...inputs: readonly string[]): Rule => ({
  savedInputs: inputs,
  vjp: (_, saved) => Object.fromEntries(inputs.map((name) => [name, zeros(saved[name])])),
});

/** A kernel that selects one of two inputs: `a` where `selectsA`, else `b`. */
const choice = (selectsA: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Rule => ({
  savedInputs: ['a', 'b'],
  vjp: (dy, { a, b }) => {
    const mask = tf.cast(selectsA(a, b), 'float32');
    return { a: () => unbroadcast(tf.mul(dy, mask), a), b: () => unbroadcast(tf.mul(dy, tf.sub(1, mask)), b) };
  },
});

const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

export const elementwise: Rules = {
  Rsqrt: derivative((x) => tf.div(-0.5, tf.mul(x, tf.sqrt(x)))), // -½ x^(-3/2)
  LeakyRelu: derivative((x, { alpha }) => tf.step(x, alpha as number)),
  // The exponent is clamped at zero, where it is not used: infinity times zero would be NaN at second order.
  Elu: derivative((x) => tf.where(tf.greater(x, 0), tf.onesLike(x), tf.exp(tf.minimum(x, 0)))),
  Selu: derivative((x) => {
    const below = tf.mul(SELU.scale * SELU.alpha, tf.exp(tf.minimum(x, 0)));
    return tf.where(tf.greater(x, 0), tf.fill(x.shape, SELU.scale), below);
  }),
  SquaredDifference: {
    savedInputs: ['a', 'b'],
    vjp: (dy, { a, b }) => {
      const twice = (): tf.Tensor => tf.mul(tf.mul(2, dy), tf.sub(a, b));
      return { a: () => unbroadcast(twice(), a), b: () => unbroadcast(tf.neg(twice()), b) };
    },
  },
  Maximum: choice(tf.greaterEqual),
  Minimum: choice(tf.lessEqual),
  ...each(
    [
      'LogicalNot',
      'Sign',
      'Floor',
      'Ceil',
      'Round',
      'Step',
      'IsNan',
      'IsInf',
      'IsFinite',
      'ZerosLike',
      'OnesLike',
      'Any',
      'All',
    ],
    flat('x'),
  ),
  ...each(
    ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr', 'FloorDiv'],
    flat('a', 'b'),
  ),
};

function each(kernels: readonly KernelName[], rule: Rule): Rules {
  return rulesOf(kernels.map((kernel) => [kernel, rule]));
}
