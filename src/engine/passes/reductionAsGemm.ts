// Sums and means over leading axes, as in bias gradients and batch normalization, become a matrix product with a row of
// ones. ONNX Runtime vectorizes it, while its own reduction processes one column at a time.
import { fill, isOp, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { rewrite, type Make } from './rewrite';
import { divisorNearRoot, SINGLE_STAGE_LIMIT } from './stagedReductions';

export const reductionsAsGemm = (outputs: readonly Node[], build: Make): Node[] =>
  rewrite(
    outputs,
    (node, [x]) => (isOp(node, 'ReduceSum') || isOp(node, 'ReduceMean') ? asGemm(node, x, build) : undefined),
    build,
  );

/** Undefined if the reduction is not over leading axes, or results in a single number. */
function asGemm(node: Node<'ReduceSum'> | Node<'ReduceMean'>, x: Node, build: Make): Node | undefined {
  const reduced = new Set(node.attributes.axes);
  const axes = x.shape.flatMap((size, axis) => (size > 1 ? [{ size, reduced: reduced.has(axis) }] : []));
  const first = axes.findIndex((axis) => !axis.reduced);
  if (x.dtype !== 'float32' || first < 1 || axes.slice(first).some((axis) => axis.reduced)) return undefined;
  const rows = sizeOf(axes.slice(0, first).map(({ size }) => size));
  const weight = (count: number): number => (isOp(node, 'ReduceMean') ? 1 / count : 1);
  const sumRows = (y: Node, count: number): Node =>
    build(
      'Gemm',
      [fill(weight(count), [1, count]), build('Reshape', [y], { shape: [count, sizeOf(y.shape) / count] })],
      { transA: false, transB: false },
    );
  // The first of two stages results in rows of partial sums.
  const part = rows > SINGLE_STAGE_LIMIT ? divisorNearRoot(rows) : 1;
  const parts = part === 1 ? x : sumRows(x, rows / part);
  return build('Reshape', [sumRows(parts, part === 1 ? rows : part)], { shape: node.shape });
}
