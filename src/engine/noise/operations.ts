// TensorFlow.js' random operations as users' models see them: while a step is recorded, their numbers become inputs of
// the step. With a seed they return the same numbers at each call, as in TensorFlow.js.
import * as tf from '@tensorflow/tfjs-core';
import { drawNoise, type Distribution } from './source';

type Shape = number[];

export const randomUniform: typeof tf.randomUniform = (shape, min = 0, max = 1, dtype = 'float32', seed) =>
  stepInput('uniform', shape, seed, (u) => cast(tf.add(tf.mul(u, max - min), min), dtype)) ??
  tf.randomUniform(shape, min, max, dtype, seed);

export const randomUniformInt: typeof tf.randomUniformInt = (shape, min, max, seed) =>
  stepInput('uniform', shape, seed, (u) => cast(tf.floor(tf.add(tf.mul(u, max - min), min)), 'int32')) ??
  tf.randomUniformInt(shape, min, max, seed);

export const randomNormal: typeof tf.randomNormal = (shape, mean = 0, deviation = 1, dtype = 'float32', seed) =>
  stepInput('normal', shape, seed, (z) => cast(tf.add(tf.mul(z, deviation), mean), dtype)) ??
  tf.randomNormal(shape, mean, deviation, dtype, seed);

export const randomStandardNormal: typeof tf.randomStandardNormal = (shape, dtype = 'float32', seed) =>
  randomNormal(shape, 0, 1, dtype, seed);

export const truncatedNormal: typeof tf.truncatedNormal = (shape, mean = 0, deviation = 1, dtype = 'float32', seed) =>
  stepInput('truncatedNormal', shape, seed, (z) => cast(tf.add(tf.mul(z, deviation), mean), dtype)) ??
  tf.truncatedNormal(shape, mean, deviation, dtype, seed);

/** x/(1 - rate) where a uniform number is at least `rate`, else 0 (Srivastava et al. 2014). */
export const dropout: typeof tf.dropout = (x, rate, noiseShape, seed) => {
  const input = tf.clone(x as tf.Tensor);
  const shape = noiseShape?.map((d, i) => d ?? input.shape[i]) ?? input.shape;
  const kept = rate > 0 ? stepInput('uniform', shape, seed, (u) => keepMask(u, rate)) : null;
  return kept ? tf.mul(input, kept) : tf.dropout(x, rate, noiseShape, seed);
};

/** 1/(1 - rate) for kept elements, 0 for dropped ones. */
export const keepMask = (u: tf.Tensor, rate: number): tf.Tensor =>
  tf.div(tf.cast(tf.greaterEqual(u, rate), 'float32'), 1 - rate);

function stepInput<R extends tf.Rank>(
  distribution: Distribution,
  shape: Shape | tf.ShapeMap[R],
  seed: number | string | undefined,
  transform: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor<R> | null {
  const x = seed === undefined ? drawNoise(distribution, shape) : null;
  return x && (transform(x) as tf.Tensor<R>);
}

const cast = (x: tf.Tensor, dtype: tf.DataType): tf.Tensor => (dtype === 'float32' ? x : tf.cast(x, dtype));
