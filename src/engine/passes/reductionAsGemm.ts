// Sums and means over the first axes, as of a bias's gradient or of batch norm: a product with a row of ones, which ONNX
// Runtime vectorises where its own reduction goes down a column at a time.
import { fill, isOp, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { rewrite, type Make } from './rewrite';
import { divisorNearRoot, SINGLE_STAGE_LIMIT } from './stagedReductions';

export const reductionsAsGemm = (outputs: readonly Node[], build: Make): Node[] =>
  rewrite(
    outputs,
    (node, [x]) => (isOp(node, 'ReduceSum') || isOp(node, 'ReduceMean') ? asProduct(node, x, build) : undefined),
    build,
  );

/** Undefined where the sum is not over the first axes, or leaves a single number. */
function asProduct(node: Node<'ReduceSum'> | Node<'ReduceMean'>, x: Node, build: Make): Node | undefined {
  const reduced = new Set(node.attributes.axes);
  const wide = x.shape.flatMap((size, axis) => (size > 1 ? [{ size, reduced: reduced.has(axis) }] : []));
  const first = wide.findIndex((axis) => !axis.reduced);
  if (x.dtype !== 'float32' || first < 1 || wide.slice(first).some((axis) => axis.reduced)) return undefined;
  const rows = sizeOf(wide.slice(0, first).map(({ size }) => size));
  const weight = (count: number): number => (isOp(node, 'ReduceMean') ? 1 / count : 1);
  const sumRows = (y: Node, count: number): Node =>
    build(
      'Gemm',
      [fill(weight(count), [1, count]), build('Reshape', [y], { shape: [count, sizeOf(y.shape) / count] })],
      { transA: false, transB: false },
    );
  // A column of sums beside each other is what the first of two stages leaves.
  const part = rows > SINGLE_STAGE_LIMIT ? divisorNearRoot(rows) : 1;
  const parts = part === 1 ? x : sumRows(x, rows / part);
  return build('Reshape', [sumRows(parts, part === 1 ? rows : part)], { shape: node.shape });
}
