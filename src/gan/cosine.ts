// The angle between two directions in the space of all weights of a network.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

type Direction = Readonly<Record<string, Tensor>>;

/**
 * ⟨a, b⟩/(‖a‖‖b‖) over all weights, named alike; a weight that b lacks is 0 in it. 0 if a direction is zero, or so
 * short that its square is zero in float32 (about 1e-19).
 *
 * With a the step and b the gradient, this is the cosine between Adam's step m̂/(√v̂ + ε) and the gradient of Arjovsky,
 * Chintala, Bottou 2017, Wasserstein GAN, section 4.2; learning rate and bias corrections cancel.
 */
export function cosine(a: Direction, b: Direction): Scalar {
  const sum = (terms: readonly Tensor[]): Scalar => tf.addN(terms.map((term) => tf.sum(term))) as Scalar;
  const squared = (direction: Direction) => sum(Object.values(direction).map((x) => tf.square(x)));
  const inner = sum(Object.entries(b).map(([name, x]) => tf.mul(a[name], x)));
  const lengths = tf.mul(tf.sqrt(squared(a)), tf.sqrt(squared(b)));
  return tf.divNoNan(inner, lengths) as Scalar;
}
