// Gradients of sums and means. Those of TensorFlow.js create a tensor of ones as large as the input, which for
// convolutional networks takes a large part of the time to record a step.
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Rule } from './rule';

/** Broadcasts the cotangent of a reduction, times `factor`, to the shape of its input. */
const spread = (dy: tf.Tensor, x: tf.Tensor, { axis }: Attributes, factor: (count: number) => number): tf.Tensor => {
  const axes = new Set(tf.util.parseAxisParam(axis as number | number[], x.shape));
  const kept = x.shape.map((size, i) => (axes.has(i) ? 1 : size));
  const count = tf.util.sizeFromShape(x.shape.filter((_, i) => axes.has(i)));
  // A kernel, unlike tf.ones, which fills an array.
  return tf.mul(tf.mul(tf.reshape(dy, kept), factor(count)), tf.fill(x.shape, 1));
};

export const Sum: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => ({ x: () => spread(dy, x, attributes, () => 1) }),
};

export const Mean: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => ({ x: () => spread(dy, x, attributes, (count) => 1 / count) }),
};
