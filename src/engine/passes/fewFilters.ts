// Lowers convolutions of stride 1 to few filters, such as the last layer of a generator, to ONNX's Conv: a matrix
// product with so few columns uses a fraction of the processor. Both gradients become convolutions whose filters are
// reversed.
import { isOp, type Node } from '../graph/node';
import type { Convolution } from './onnxConvolution';
import type { Make } from './rewrite';

/** Measured with 3 filters (bench/RESULTS.md); im2col fills the columns of its products with more. */
const MAX_FILTERS = 8;

/** Undefined for other strides, dilations or paddings, and for more filters. */
export function lowerFewFilters(node: Convolution, [a, b]: readonly Node[], build: Make): Node | undefined {
  const { kernel, strides, dilations, pads, filters, channels } = node.attributes.geometry;
  const [kh, kw] = kernel;
  const reach = [kh - 1, kw - 1, kh - 1, kw - 1];
  const isPlain = [...strides, ...dilations].every((n) => n === 1) && pads.every((p, i) => p >= 0 && p <= reach[i]);
  if (!isPlain || filters >= MAX_FILTERS || filters >= channels) return undefined;
  const transpose = (x: Node, ...perm: number[]): Node => build('Transpose', [x], { perm });
  const convolve = (x: Node, w: Node, pads: readonly number[]): Node =>
    build('Conv', [x, w], { strides: [1, 1], dilations: [1, 1], pads });
  const opposite = pads.map((p, i) => reach[i] - p);
  if (isOp(node, 'Conv2D'))
    return transpose(convolve(transpose(a, 0, 3, 1, 2), transpose(b, 3, 2, 0, 1), pads), 0, 2, 3, 1);
  if (isOp(node, 'Conv2DInputGradient')) {
    const dy = transpose(a, 0, 3, 1, 2); // [N,F,oh,ow]
    const w = transpose(reversed(b, build), 2, 3, 0, 1); // [C,F,kh,kw]
    return transpose(convolve(dy, w, opposite), 0, 2, 3, 1);
  }
  // The batch is summed over, as channels; dy takes the part of the images and x that of the filters.
  const [x, dy] = [transpose(a, 3, 0, 1, 2), transpose(b, 3, 0, 1, 2)]; // [C,N,H,W], [F,N,oh,ow]
  return reversed(transpose(convolve(dy, x, opposite), 2, 3, 1, 0), build); // [kh,kw,C,F]
}

/** A filter [kh,kw,C,F], rotated by half a turn. */
function reversed(w: Node, build: Make): Node {
  const [kh, kw, channels, filters] = w.shape;
  if (kh === 1 && kw === 1) return w;
  return build('Slice', [w], {
    starts: [kh - 1, kw - 1, 0, 0],
    sizes: [kh, kw, channels, filters],
    steps: [-1, -1, 1, 1],
  });
}
