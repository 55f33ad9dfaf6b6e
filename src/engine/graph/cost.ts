// What a graph costs in arithmetic: the floating-point operations of its matrix products and convolutions.
import { isOp, type Node } from './node';
import { sizeOf } from './shapes';

/** Floating-point operations of one run, a multiplication and an addition each counted. */
export const flopsOf = (order: readonly Node[]): number => order.reduce((sum, node) => sum + flops(node), 0);

function flops(node: Node): number {
  const outputs = 2 * sizeOf(node.shape);
  const [a, b] = node.inputs;
  if (isOp(node, 'Gemm')) return outputs * (node.attributes.transA ? a.shape[0] : a.shape[1]);
  if (isOp(node, 'MatMul')) return outputs * (a.shape.at(-1) ?? 1);
  if (isOp(node, 'Conv')) return outputs * sizeOf(b.shape.slice(1)); // taps and channels of one output
  if (isOp(node, 'ConvTranspose')) return 2 * sizeOf(a.shape) * sizeOf(b.shape.slice(1)); // each input meets every tap
  return 0;
}
