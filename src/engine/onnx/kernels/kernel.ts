// Types and helpers for lowering TensorFlow.js kernels.
import type * as tf from '@tensorflow/tfjs-core';
import { constant, fill, isOp, make, scalar, type Node } from '../../graph/node';
import type { DType, Values } from '../../graph/ops';
import { broadcast, sameShape, sizeOf, type Shape } from '../../graph/shapes';
import { filled } from '../encodeModel';

export type Inputs = Readonly<Record<string, Node>>;
/** Lowers a kernel: takes its inputs and attributes, returns its results. */
export type Lowering<A = object> = (inputs: Inputs, attributes: A) => Node | readonly Node[];

/** A kernel without a lowering, and the reason. */
export interface Refusal {
  readonly refused: string;
}

export const refused = (reason: string): Refusal => ({ refused: reason });

/**
 * Converts `x`. Numbers become bool by x != 0; float32 becomes int32 by truncation. NaN, infinities and numbers that
 * overflow int32 become 0 (TensorFlow.js wraps the latter).
 */
export function cast(x: Node, to: DType): Node {
  if (x.dtype === to) return x;
  if (to === 'bool' && x.dtype === 'float32') return make('Not', [make('Equal', [x, scalar(0)], {})], {});
  if (to !== 'int32' || x.dtype !== 'float32') return make('Cast', [x], { to });
  const fits = make('Less', [make('Abs', [x], {}), scalar(2 ** 31)], {});
  return make('Cast', [make('Where', [fits, x, scalar(0)], {})], { to });
}

export const float = (x: Node): Node => cast(x, 'float32');

export const reshape = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : make('Reshape', [x], { shape });

export const transpose = (x: Node, perm: readonly number[]): Node =>
  perm.every((p, i) => p === i) ? x : make('Transpose', [x], { perm });

/** `size` elements from `begin`, along every axis. */
export const slice = (x: Node, begin: readonly number[], size: Shape): Node =>
  sameShape(x.shape, size) ? x : make('Slice', [x], { starts: begin, sizes: size, steps: begin.map(() => 1) });

export const pad = (x: Node, before: readonly number[], after: readonly number[], value = 0): Node =>
  [...before, ...after].every((p) => p === 0) ? x : make('Pad', [x], { before, after, value });

/** `x` broadcast to `shape`, as in NumPy. */
export const expand = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : make('Expand', [x], { shape: broadcast(x.shape, shape) });

/** The common dtype, as in TensorFlow.js: bool < int32 < float32. */
export function wider(a: DType, b: DType): DType {
  if (a === 'float32' || b === 'float32') return 'float32';
  return a === 'int32' || b === 'int32' ? 'int32' : 'bool';
}

/** The values of a node if they are known without computation. */
export function knownValues(x: Node): Values | undefined {
  if (x.data) return x.data.values;
  if (isOp(x, 'Constant')) return x.attributes.values;
  return isOp(x, 'Fill') ? filled(x.attributes.value, sizeOf(x.shape), x.dtype) : undefined;
}

/** Shape and dtype as the helpers of TensorFlow.js expect them. */
export const like = (x: Node): tf.Tensor =>
  ({ shape: [...x.shape], rank: x.shape.length, dtype: x.dtype }) as unknown as tf.Tensor;

/** Normalizes axes to non-negative numbers; all axes by default. */
export function axesOf(axis: number | readonly number[] | null | undefined, rank: number): number[] {
  const axes = axis == null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  const bad = axes.find((a) => !Number.isInteger(a) || a < -rank || a >= rank);
  if (bad !== undefined)
    throw new Error(`axis must be an integer from ${-rank} to ${rank - 1} for a tensor of rank ${rank}, got ${bad}`);
  return axes.map((a) => (a < 0 ? a + rank : a));
}

export { fill as fillAll, constant, make, scalar, broadcast, sizeOf, type Node, type Shape, type DType, type Values };
