// Kernels that resize images x [N,H,W,C], and their gradients. Rows and columns are treated one after the other.
import type * as tf from '@tensorflow/tfjs-core';
import { cast, constant, float, make, reshape, sizeOf, type Lowering, type Node } from './kernel';

interface Mode {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}
/** For each output, the inputs that it mixes. */
interface Mixture {
  readonly below: readonly number[];
  readonly above: readonly number[];
  /** The share of `above`. */
  readonly share: readonly number[];
}

/** Input coordinates per output coordinate, from n to m. */
const ratio = (n: number, m: number, { alignCorners }: Mode): number =>
  alignCorners && m > 1 ? (n - 1) / (m - 1) : n / m;

function nearest(n: number, m: number, mode: Mode): number[] {
  return Array.from({ length: m }, (_, i) => {
    const source = ratio(n, m, mode) * (mode.halfPixelCenters ? i + 0.5 : i);
    return Math.max(0, Math.min(n - 1, mode.alignCorners ? Math.round(source) : Math.floor(source)));
  });
}

function linear(n: number, m: number, mode: Mode): Mixture {
  const sources = Array.from({ length: m }, (_, i) =>
    mode.halfPixelCenters ? ratio(n, m, mode) * (i + 0.5) - 0.5 : ratio(n, m, mode) * i,
  );
  const below = sources.map((s) => Math.max(0, Math.floor(s)));
  return {
    below,
    above: sources.map((s) => Math.max(0, Math.min(n - 1, Math.ceil(s)))),
    share: sources.map((s, i) => s - below[i]),
  };
}

const take = (x: Node, axis: number, indices: readonly number[]): Node =>
  indices.length === x.shape[axis] && indices.every((index, i) => index === i)
    ? x
    : make('Gather', [x, constant(Int32Array.from(indices), [indices.length], 'int32')], { axis });

export const ResizeNearestNeighbor: Lowering<tf.ResizeNearestNeighborAttrs> = ({ images: x }, { size, ...mode }) => {
  const columns = take(x, 2, nearest(x.shape[2], size[1], mode));
  return take(columns, 1, nearest(x.shape[1], size[0], mode));
};

/** below + (above - below) share */
function mix(x: Node, axis: number, { below, above, share }: Mixture): Node {
  if (share.every((s) => s === 0)) return take(x, axis, below);
  const [a, b] = [take(x, axis, below), take(x, axis, above)];
  const shape = x.shape.map((_, i) => (i === axis ? share.length : 1));
  const t = constant(Float32Array.from(share), shape, 'float32');
  return make('Add', [a, make('Mul', [make('Sub', [b, a], {}), t], {})], {});
}

export const ResizeBilinear: Lowering<tf.ResizeBilinearAttrs> = ({ images }, { size, ...mode }) => {
  const x = float(images);
  const columns = mix(x, 2, linear(x.shape[2], size[1], mode));
  return mix(columns, 1, linear(x.shape[1], size[0], mode));
};

/** Row i of the m x n matrix says how output i is mixed of the inputs. */
function matrixOf(m: number, n: number, entries: readonly (readonly [row: number, column: number, share: number])[]) {
  const matrix = new Float32Array(m * n);
  for (const [row, column, share] of entries) matrix[row * n + column] += share;
  return constant(matrix, [m, n], 'float32');
}

const nearestMatrix = (n: number, m: number, mode: Mode): Node =>
  matrixOf(
    m,
    n,
    nearest(n, m, mode).map((at, i) => [i, at, 1] as const),
  );

function linearMatrix(n: number, m: number, mode: Mode): Node {
  const { below, above, share } = linear(n, m, mode);
  return matrixOf(
    m,
    n,
    share.flatMap((t, i) => [[i, below[i], 1 - t] as const, [i, above[i], t] as const]),
  );
}

/** Mᵀ along an axis of dy. */
function transposed(matrix: Node, dy: Node, axis: number): Node {
  const [before, after] = [dy.shape.slice(0, axis), dy.shape.slice(axis + 1)];
  const rows = reshape(dy, [sizeOf(before), dy.shape[axis], sizeOf(after)]);
  const sum = make('MatMul', [make('Transpose', [matrix], { perm: [1, 0] }), rows], {});
  return reshape(sum, [...before, matrix.shape[1], ...after]);
}

interface Gradient {
  readonly alignCorners: boolean;
}
const gradient =
  (matrix: (n: number, m: number, mode: Mode) => Node): Lowering<Gradient> =>
  ({ images, dy }, mode) => {
    const [, height, width] = images.shape;
    const rows = transposed(matrix(height, dy.shape[1], mode), float(dy), 1);
    return cast(transposed(matrix(width, dy.shape[2], mode), rows, 2), 'float32');
  };

export const ResizeNearestNeighborGrad = gradient(nearestMatrix);
export const ResizeBilinearGrad = gradient(linearMatrix);
