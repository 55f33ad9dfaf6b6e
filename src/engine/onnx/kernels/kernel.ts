// What the lowering of a TensorFlow.js kernel is: its inputs as nodes and its attributes, to one node or several.
import { constant, fill, make, scalar, type Node } from '../../graph/node';
import type { DType } from '../../graph/ops';
import { broadcast, sameShape, sizeOf, type Shape } from '../../graph/shapes';

export type Inputs = Readonly<Record<string, Node>>;
export type Lowering<A = object> = (inputs: Inputs, attributes: A) => Node | readonly Node[];

/** A kernel that is not lowered, and why. */
export interface Refusal {
  readonly refused: string;
}

export const refused = (why: string): Refusal => ({ refused: why });

/** `x` in another dtype. Numbers become bool by x != 0; float32 becomes int32 by truncation. */
export function cast(x: Node, to: DType): Node {
  if (x.dtype === to) return x;
  if (to === 'bool' && x.dtype === 'float32') return make('Not', [make('Equal', [x, scalar(0)], {})], {});
  return make('Cast', [x], { to });
}

export const float = (x: Node): Node => cast(x, 'float32');

export const reshape = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : make('Reshape', [x], { shape });

export const transpose = (x: Node, perm: readonly number[]): Node =>
  perm.every((p, i) => p === i) ? x : make('Transpose', [x], { perm });

/** `size` elements from `begin` on, along every axis. */
export const slice = (x: Node, begin: readonly number[], size: Shape): Node =>
  sameShape(x.shape, size) ? x : make('Slice', [x], { starts: begin, sizes: size, steps: begin.map(() => 1) });

export const pad = (x: Node, before: readonly number[], after: readonly number[], value = 0): Node =>
  [...before, ...after].every((p) => p === 0) ? x : make('Pad', [x], { before, after, value });

/** `x` stretched to `shape` by NumPy's rules. */
export const expand = (x: Node, shape: Shape): Node =>
  sameShape(x.shape, shape) ? x : make('Expand', [x], { shape: broadcast(x.shape, shape) });

/** The dtype of an operation on both, as TensorFlow.js has it: bool < int32 < float32. */
export function wider(a: DType, b: DType): DType {
  if (a === 'float32' || b === 'float32') return 'float32';
  return a === 'int32' || b === 'int32' ? 'int32' : 'bool';
}

export const axesOf = (axis: number | readonly number[] | null | undefined, rank: number): number[] => {
  const axes = axis == null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return axes.map((a) => (a < 0 ? a + rank : a));
};

export { fill as fillAll, constant, make, scalar, broadcast, sameShape, sizeOf, type Node, type Shape, type DType };
