// Splits large sums and means into two stages, for accuracy: ONNX Runtime adds float32 numbers sequentially, with an
// error of 0.1% for a million equal numbers.
import { isOp, make, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { rewrite } from './rewrite';

/** Up to this size, the relative error of one stage, at most about n 2^-25, is negligible in float32 training. */
export const SINGLE_STAGE_LIMIT = 4096;

export const stageReductions = (outputs: readonly Node[]): Node[] =>
  rewrite(outputs, (node, [x]) => (isOp(node, 'ReduceSum') || isOp(node, 'ReduceMean') ? staged(node, x) : undefined));

/** Undefined if one stage is enough, or if the axes are not contiguous or cannot be split. */
function staged(node: Node<'ReduceSum'> | Node<'ReduceMean'>, x: Node): Node | undefined {
  const axes = [...node.attributes.axes].sort((a, b) => a - b);
  const [first, last] = [axes[0], axes.at(-1)!];
  const count = sizeOf(axes.map((a) => x.shape[a]));
  if (count <= SINGLE_STAGE_LIMIT || x.dtype !== 'float32' || last - first + 1 !== axes.length) return undefined;
  const part = divisorNearRoot(count);
  if (part === 1) return undefined;
  // Axes of size 1 trigger a slow path of ONNX Runtime.
  const [before, after] = [x.shape.slice(0, first), x.shape.slice(last + 1)].map((s) =>
    sizeOf(s) > 1 ? [sizeOf(s)] : [],
  );
  const split = make('Reshape', [x], { shape: [...before, count / part, part, ...after] });
  const parts = make(node.op, [split], { axes: [before.length + 1], keepDims: false });
  const total = make(node.op, [parts], { axes: [before.length], keepDims: false });
  return make('Reshape', [total], { shape: node.shape });
}

/** The largest divisor of n that is at most its square root. */
export function divisorNearRoot(n: number): number {
  let divisor = Math.floor(Math.sqrt(n));
  while (n % divisor !== 0) divisor--;
  return divisor;
}
