// Kernels that resize images x [N,H,W,C], and their gradients, one axis at a time.
import type * as tf from '@tensorflow/tfjs-core';
import { linearSources, nearestSources, type LinearSources, type ResizeMode } from '../../interpolation';
import { cast, constant, float, make, reshape, sizeOf, type Lowering, type Node } from './kernel';

const take = (x: Node, axis: number, indices: readonly number[]): Node =>
  indices.length === x.shape[axis] && indices.every((index, i) => index === i)
    ? x
    : make('Gather', [x, constant(Int32Array.from(indices), [indices.length], 'int32')], { axis });

export const ResizeNearestNeighbor: Lowering<tf.ResizeNearestNeighborAttrs> = ({ images: x }, { size, ...mode }) => {
  const columns = take(x, 2, nearestSources(x.shape[2], size[1], mode));
  return take(columns, 1, nearestSources(x.shape[1], size[0], mode));
};

/** below + (above - below) weight */
function interpolate(x: Node, axis: number, { below, above, weight }: LinearSources): Node {
  if (weight.every((t) => t === 0)) return take(x, axis, below);
  const [a, b] = [take(x, axis, below), take(x, axis, above)];
  const shape = x.shape.map((_, i) => (i === axis ? weight.length : 1));
  const t = constant(Float32Array.from(weight), shape, 'float32');
  return make('Add', [a, make('Mul', [make('Sub', [b, a], {}), t], {})], {});
}

export const ResizeBilinear: Lowering<tf.ResizeBilinearAttrs> = ({ images }, { size, ...mode }) => {
  const x = float(images);
  const columns = interpolate(x, 2, linearSources(x.shape[2], size[1], mode));
  return interpolate(columns, 1, linearSources(x.shape[1], size[0], mode));
};

/** An m × n matrix; entries at the same position are added. */
function matrixOf(m: number, n: number, entries: readonly (readonly [row: number, column: number, value: number])[]) {
  const matrix = new Float32Array(m * n);
  for (const [row, column, value] of entries) matrix[row * n + column] += value;
  return constant(matrix, [m, n], 'float32');
}

const nearestMatrix = (n: number, m: number, mode: ResizeMode): Node =>
  matrixOf(
    m,
    n,
    nearestSources(n, m, mode).map((at, i) => [i, at, 1] as const),
  );

function linearMatrix(n: number, m: number, mode: ResizeMode): Node {
  const { below, above, weight } = linearSources(n, m, mode);
  return matrixOf(
    m,
    n,
    weight.flatMap((t, i) => [[i, below[i], 1 - t] as const, [i, above[i], t] as const]),
  );
}

/** Mᵀ along an axis of dy. */
function applyTransposed(matrix: Node, dy: Node, axis: number): Node {
  const [before, after] = [dy.shape.slice(0, axis), dy.shape.slice(axis + 1)];
  const rows = reshape(dy, [sizeOf(before), dy.shape[axis], sizeOf(after)]);
  const sum = make('MatMul', [make('Transpose', [matrix], { perm: [1, 0] }), rows], {});
  return reshape(sum, [...before, matrix.shape[1], ...after]);
}

interface Gradient {
  readonly alignCorners: boolean;
}
const gradient =
  (matrix: (n: number, m: number, mode: ResizeMode) => Node): Lowering<Gradient> =>
  ({ images, dy }, mode) => {
    const [, height, width] = images.shape;
    const rows = applyTransposed(matrix(height, dy.shape[1], mode), float(dy), 1);
    return cast(applyTransposed(matrix(width, dy.shape[2], mode), rows, 2), 'float32');
  };

export const ResizeNearestNeighborGrad = gradient(nearestMatrix);
export const ResizeBilinearGrad = gradient(linearMatrix);
