// Cost of a graph: floating-point operations of its matrix products and convolutions, and bytes moved.
import { isOp, type Node } from './node';
import type { DType } from './ops';
import { sizeOf } from './shapes';

/** Floating-point operations of one run; a multiplication and an addition count as two. */
export const flopsOf = (order: readonly Node[]): number => order.reduce((sum, node) => sum + flops(node), 0);

/** Bytes that one run reads and writes without any fusion; a reshape moves none. */
export const bytesOf = (order: readonly Node[]): number => order.reduce((sum, node) => sum + bytes(node), 0);

/** Reductions are not counted, not even as a product with ones. */
function flops(node: Node): number {
  if (node.inputs.some((input) => isOp(input, 'Fill'))) return 0;
  const outputs = 2 * sizeOf(node.shape);
  const [a, b] = node.inputs;
  if (isOp(node, 'Gemm')) return outputs * (node.attributes.transA ? a.shape[0] : a.shape[1]);
  if (isOp(node, 'MatMul')) return outputs * (a.shape.at(-1) ?? 1);
  if (isOp(node, 'Conv')) return outputs * sizeOf(b.shape.slice(1)); // taps and channels of one output
  // Each input is multiplied by every tap.
  if (isOp(node, 'ConvTranspose')) return 2 * sizeOf(a.shape) * sizeOf(b.shape.slice(1));
  if (isOp(node, 'Conv2D') || isOp(node, 'Conv2DInputGradient') || isOp(node, 'Conv2DFilterGradient')) {
    const { batch, outHeight, outWidth, kernel, channels, filters } = node.attributes.geometry;
    return 2 * batch * outHeight * outWidth * sizeOf(kernel) * channels * filters;
  }
  return 0;
}

const bytesPerElement: { readonly [D in DType]: number } = { float32: 4, int32: 4, bool: 1, int64: 8 };

/** Constants, inputs and reshapes move nothing. */
function bytes(node: Node): number {
  if (node.inputs.length === 0 || isOp(node, 'Reshape')) return 0;
  return [node, ...node.inputs].reduce((sum, { shape, dtype }) => sum + bytesPerElement[dtype] * sizeOf(shape), 0);
}
