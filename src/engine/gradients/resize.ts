// Gradients of resizing and of the local response normalisation: both are products with small fixed matrices.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';
import { run, zeros, type Attributes, type Rule, type Rules } from './rule';

interface Resize {
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}
/** Row i says how output i is mixed of the inputs. */
type Matrix = readonly (readonly number[])[];

/** y = A x Bᵀ along height and width, so dx = Aᵀ dy B; backends' own gradients leave out half-pixel centres. */
const resizing = (matrix: (n: number, m: number, a: Resize) => Matrix): Rule => ({
  savedInputs: ['images'],
  vjp: (dy, { images }, attributes) => ({
    images: () => {
      const a = attributes as unknown as Resize;
      const [, height, width] = images.shape;
      return mixed(mixed(dy, 1, matrix(height, a.size[0], a)), 2, matrix(width, a.size[1], a));
    },
  }),
});

/** The gradient kernels, which a backend may call itself, are linear in dy too. */
const resizingGradient = (forward: KernelName): Rule => ({
  savedInputs: ['images'],
  vjp: (ddx, { images }, a) => ({ dy: () => run(forward, { images: ddx }, a), images: zeros(images) }),
});

/** y = x s^(-β), s = b + α Σ x² over the channels within the radius (Krizhevsky et al. 2012, section 3.3). */
const LRN: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes: Attributes) => ({
    x: () => {
      const { depthRadius, bias, alpha, beta } = attributes as unknown as tf.LRNAttrs;
      const channels = x.shape.at(-1)!;
      const near = tf.tensor2d(
        Array.from({ length: channels }, (_, i) =>
          Array.from({ length: channels }, (_, j) => (Math.abs(i - j) <= depthRadius ? 1 : 0)),
        ),
      );
      const summed = (z: tf.Tensor): tf.Tensor => tf.reshape(tf.matMul(tf.reshape(z, [-1, channels]), near), z.shape);
      const s = tf.add(bias, tf.mul(alpha, summed(tf.square(x))));
      const shared = summed(tf.mul(tf.mul(dy, x), tf.pow(s, -beta - 1)));
      return tf.sub(tf.mul(dy, tf.pow(s, -beta)), tf.mul(tf.mul(2 * alpha * beta, x), shared)); // s^-β dy - 2αβ x Σ dy x s^(-β-1)
    },
  }),
};

export const resizes: Rules = {
  ResizeBilinear: resizing(bilinear),
  ResizeNearestNeighbor: resizing(nearest),
  ResizeBilinearGrad: resizingGradient('ResizeBilinear'),
  ResizeNearestNeighborGrad: resizingGradient('ResizeNearestNeighbor'),
  LRN,
};

/** Mᵀ along an axis of dy; a sum of copies where every input is repeated equally often. */
function mixed(dy: tf.Tensor, axis: 1 | 2, matrix: Matrix): tf.Tensor {
  const [m, n] = [matrix.length, matrix[0].length];
  const [before, after] = [dy.shape.slice(0, axis), dy.shape.slice(axis + 1)];
  const [rows, columns] = [before, after].map((sizes) => sizes.reduce((a, b) => a * b, 1));
  const times = m / n;
  if (Number.isInteger(times) && matrix.every((row, i) => row[Math.floor(i / times)] === 1))
    return tf.reshape(tf.sum(tf.reshape(dy, [rows, n, times, columns]), 2), [...before, n, ...after]);
  const weights = tf.tensor3d([matrix.map((row) => [...row])]);
  const product = tf.matMul(tf.tile(weights, [rows, 1, 1]), tf.reshape(dy, [rows, m, columns]), true);
  return tf.reshape(product, [...before, n, ...after]);
}

/** Input coordinates per output coordinate. */
const ratio = (n: number, m: number, { alignCorners }: Resize): number =>
  alignCorners && m > 1 ? (n - 1) / (m - 1) : n / m;

function nearest(n: number, m: number, a: Resize): Matrix {
  const at = (i: number): number => {
    const source = ratio(n, m, a) * (a.halfPixelCenters ? i + 0.5 : i);
    return Math.max(0, Math.min(n - 1, a.alignCorners ? Math.round(source) : Math.floor(source)));
  };
  return Array.from({ length: m }, (_, i) => row(n, [at(i), 1]));
}

function bilinear(n: number, m: number, a: Resize): Matrix {
  return Array.from({ length: m }, (_, i) => {
    const source = a.halfPixelCenters ? ratio(n, m, a) * (i + 0.5) - 0.5 : ratio(n, m, a) * i;
    const below = Math.max(0, Math.floor(source));
    const above = Math.max(0, Math.min(n - 1, Math.ceil(source)));
    const t = Math.max(0, source - below);
    return row(n, [below, 1 - t], [above, t]);
  });
}

function row(n: number, ...entries: readonly (readonly [at: number, weight: number])[]): number[] {
  const weights = new Array<number>(n).fill(0);
  for (const [at, weight] of entries) weights[at] += weight;
  return weights;
}
