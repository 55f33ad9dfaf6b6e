// Gradients of resizing, which is a product with a constant matrix along each axis.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';
import { linearSources, nearestSources, type ResizeMode } from '../interpolation';
import { run, zeros, type Rule, type Rules } from './rule';

interface Resize extends ResizeMode {
  readonly size: readonly [number, number];
}
/** Row i has the weights of all inputs in output i. */
type Matrix = readonly (readonly number[])[];

/**
 * y = A x Bᵀ along height and width, so dx = Aᵀ dy B; the gradients of the backends do not support half-pixel centers.
 */
const resizeRule = (matrix: (n: number, m: number, mode: ResizeMode) => Matrix): Rule => ({
  savedInputs: ['images'],
  vjp: (dy, { images }, attributes) => ({
    images: () => {
      const a = attributes as unknown as Resize;
      const [, height, width] = images.shape;
      return applyTransposed(applyTransposed(dy, 1, matrix(height, a.size[0], a)), 2, matrix(width, a.size[1], a));
    },
  }),
});

/** The gradient kernels, which a backend may use itself, are linear in dy. */
const resizeGradientRule = (forward: KernelName): Rule => ({
  savedInputs: ['images'],
  vjp: (ddx, { images }, a) => ({ dy: () => run(forward, { images: ddx }, a), images: zeros(images) }),
});

export const resizing: Rules = {
  ResizeBilinear: resizeRule(bilinear),
  ResizeNearestNeighbor: resizeRule(nearest),
  ResizeBilinearGrad: resizeGradientRule('ResizeBilinear'),
  ResizeNearestNeighborGrad: resizeGradientRule('ResizeNearestNeighbor'),
};

/** Mᵀ along an axis of dy; a plain sum if every input is repeated equally often. */
function applyTransposed(dy: tf.Tensor, axis: 1 | 2, matrix: Matrix): tf.Tensor {
  const [m, n] = [matrix.length, matrix[0].length];
  const [before, after] = [dy.shape.slice(0, axis), dy.shape.slice(axis + 1)];
  const [rows, columns] = [before, after].map((sizes) => sizes.reduce((a, b) => a * b, 1));
  const copies = m / n;
  if (Number.isInteger(copies) && matrix.every((row, i) => row[Math.floor(i / copies)] === 1))
    return tf.reshape(tf.sum(tf.reshape(dy, [rows, n, copies, columns]), 2), [...before, n, ...after]);
  const weights = tf.tensor3d([matrix.map((row) => [...row])]);
  const product = tf.matMul(tf.tile(weights, [rows, 1, 1]), tf.reshape(dy, [rows, m, columns]), true);
  return tf.reshape(product, [...before, n, ...after]);
}

function nearest(n: number, m: number, mode: ResizeMode): Matrix {
  return nearestSources(n, m, mode).map((at) => row(n, [at, 1]));
}

function bilinear(n: number, m: number, mode: ResizeMode): Matrix {
  const { below, above, weight } = linearSources(n, m, mode);
  return weight.map((t, i) => row(n, [below[i], 1 - t], [above[i], t]));
}

function row(n: number, ...entries: readonly (readonly [at: number, weight: number])[]): number[] {
  const weights = new Array<number>(n).fill(0);
  for (const [at, weight] of entries) weights[at] += weight;
  return weights;
}
