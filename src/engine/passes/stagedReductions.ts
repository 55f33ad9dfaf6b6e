// Sums and means of many elements in two stages: ONNX Runtime adds up float32 one after the other, which is off by a
// thousandth for a million equal numbers; a sum of sums is off by the root of that.
import { isOp, make, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { rewrite } from './rewrite';

/** Up to here the error of one stage, at worst about n 2^-25 of the sum, is no more than what float32 training bears anyway. */
export const SINGLE_STAGE_LIMIT = 4096;

export const stageReductions = (outputs: readonly Node[]): Node[] =>
  rewrite(outputs, (node, [x]) => (isOp(node, 'ReduceSum') || isOp(node, 'ReduceMean') ? staged(node, x) : undefined));

/** Undefined where one stage is enough, or where the axes are apart or cannot be divided. */
function staged(node: Node<'ReduceSum'> | Node<'ReduceMean'>, x: Node): Node | undefined {
  const axes = [...node.attributes.axes].sort((a, b) => a - b);
  const [first, last] = [axes[0], axes.at(-1)!];
  const count = sizeOf(axes.map((a) => x.shape[a]));
  if (count <= SINGLE_STAGE_LIMIT || x.dtype !== 'float32' || last - first + 1 !== axes.length) return undefined;
  const part = divisorNearRoot(count);
  if (part === 1) return undefined;
  // Axes of size one would lead ONNX Runtime into a slow path.
  const [before, after] = [x.shape.slice(0, first), x.shape.slice(last + 1)].map((s) =>
    sizeOf(s) > 1 ? [sizeOf(s)] : [],
  );
  const apart = make('Reshape', [x], { shape: [...before, count / part, part, ...after] });
  const parts = make(node.op, [apart], { axes: [before.length + 1], keepDims: false });
  const whole = make(node.op, [parts], { axes: [before.length], keepDims: false });
  return make('Reshape', [whole], { shape: node.shape });
}

/** The largest divisor of n that is at most its root. */
export function divisorNearRoot(n: number): number {
  let divisor = Math.floor(Math.sqrt(n));
  while (n % divisor !== 0) divisor--;
  return divisor;
}
