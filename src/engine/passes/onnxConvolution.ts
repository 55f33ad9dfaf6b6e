// Lowers convolutions and their gradients to ONNX's Conv and ConvTranspose, which use channels-first layout.
import { isOp, type Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import type { Make } from './rewrite';

export type Convolution = Node<'Conv2D'> | Node<'Conv2DInputGradient'> | Node<'Conv2DFilterGradient'>;

export const isConvolution = (node: Node): node is Convolution =>
  isOp(node, 'Conv2D') || isOp(node, 'Conv2DInputGradient') || isOp(node, 'Conv2DFilterGradient');

const toChannelsFirst = [0, 3, 1, 2];
const toChannelsLast = [0, 2, 3, 1];

/** Supports any geometry; `a` and `b` are the rebuilt inputs of the node. */
export function nativeConvolution(node: Convolution, [a, b]: readonly Node[], build: Make): Node {
  const { geometry: g } = node.attributes;
  const transpose = (x: Node, perm: readonly number[]): Node => build('Transpose', [x], { perm });
  const { strides, dilations } = g;
  const pads = g.pads.map((p) => Math.max(0, p));
  if (node.op === 'Conv2D') {
    const x = transpose(crop(a, g, build), toChannelsFirst); // [N,C,H,W]
    const y = build('Conv', [x, transpose(b, [3, 2, 0, 1])], { strides, dilations, pads }); // [N,F,oh,ow]
    return transpose(y, toChannelsLast);
  }
  if (node.op === 'Conv2DFilterGradient') {
    // A convolution with batch and channels swapped, and strides and dilations swapped: its sum over channels is the
    // sum over the batch.
    const x = transpose(crop(a, g, build), [3, 0, 1, 2]); // [C,N,H,W]
    const dy = transpose(b, [3, 0, 1, 2]); // [F,N,oh,ow]
    const dw = build('Conv', [x, dy], { strides: dilations, dilations: strides, pads }); // [C,F,kh,kw]
    return transpose(dw, [2, 3, 0, 1]);
  }
  const dy = transpose(a, toChannelsFirst); // [N,F,oh,ow]
  const w = transpose(b, [3, 2, 0, 1]); // [F,C,kh,kw]
  const dx = build('ConvTranspose', [dy, w], { strides, dilations, pads, outputPadding: [0, 0] }); // [N,C,H,W]
  return uncrop(transpose(dx, toChannelsLast), g, build);
}

/** Removes the rows and columns of x [N,H,W,C] that no output uses. */
export function crop(x: Node, g: Geometry, build: Make): Node {
  const [bottom, right] = [Math.min(0, g.pads[2]), Math.min(0, g.pads[3])];
  if (bottom === 0 && right === 0) return x;
  const sizes = [g.batch, g.height + bottom, g.width + right, g.channels];
  return build('Slice', [x], { starts: [0, 0, 0, 0], sizes, steps: [1, 1, 1, 1] });
}

/** Adds zeros for the rows and columns that no output uses. */
function uncrop(dx: Node, g: Geometry, build: Make): Node {
  const after = [0, Math.max(0, -g.pads[2]), Math.max(0, -g.pads[3]), 0];
  return after.every((p) => p === 0) ? dx : build('Pad', [dx], { before: [0, 0, 0, 0], after, value: 0 });
}
