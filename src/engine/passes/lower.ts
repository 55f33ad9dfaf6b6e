// Lowers operations without an ONNX operator: convolutions in TensorFlow's layout, and LeakyReluGrad.
import { isOp, make, scalar, topologicalOrder, type Node } from '../graph/node';
import { isBatchLastFor, lowerBatchLast } from './batchLastConvolution';
import { lowerByIm2col } from './im2col';
import { lowerFewFilters } from './fewFilters';
import { isConvolution, nativeConvolution } from './onnxConvolution';
import { rewrite, type Make } from './rewrite';
import { stageReductions } from './stagedReductions';
import { lowerByWinograd } from './winograd';

export interface ConvolutionLowering {
  /** Convolutions as im2col and Gemm where that is faster than ONNX's Conv. */
  readonly im2col: boolean;
  /** Convolutions of stride 1 to few filters, and their gradients, as ONNX's Conv. */
  readonly fewFilters: boolean;
  /** Convolutions of kernel 4 and stride 2, or 3 and 1, by Winograd's algorithm. */
  readonly winograd: boolean;
  /** Its tiles have up to 4×4 outputs instead of 2×2. */
  readonly largeWinogradTiles: boolean;
  /** Convolutions of kernel 4 and stride 2 on images with the batch as their last axis. */
  readonly batchLast: boolean;
}

/** Lowers without optimization. */
export const lowerToOnnx = (outputs: readonly Node[]): Node[] => stageReductions(lower(outputs, nothing, make));

const nothing: ConvolutionLowering = {
  im2col: false,
  fewFilters: false,
  winograd: false,
  largeWinogradTiles: false,
  batchLast: false,
};

export function lower(
  outputs: readonly Node[],
  { im2col, fewFilters, winograd, largeWinogradTiles, batchLast }: ConvolutionLowering,
  build: Make,
): Node[] {
  const order = topologicalOrder(outputs);
  if (!order.some((n) => isConvolution(n) || n.op === 'LeakyReluGrad')) return [...outputs];
  const isBatchLast = batchLast && winograd && isBatchLastFor(order.filter(isConvolution));
  const replace = (node: Node, inputs: readonly Node[]): Node | undefined => {
    if (isOp(node, 'LeakyReluGrad')) return leakyReluGrad(inputs[0], node.attributes.alpha, build);
    if (!isConvolution(node)) return undefined;
    return (
      (isBatchLast ? lowerBatchLast(node, inputs, largeWinogradTiles, build) : undefined) ??
      (winograd ? lowerByWinograd(node, inputs, largeWinogradTiles, build) : undefined) ??
      (fewFilters ? lowerFewFilters(node, inputs, build) : undefined) ??
      (im2col ? lowerByIm2col(node, inputs, build) : undefined) ??
      nativeConvolution(node, inputs, build)
    );
  };
  return rewrite(outputs, replace, build);
}

/** The largest power of two in float32; times any normal positive number it is at least 1. */
const HUGE = 2 ** 127;

/** min(max(x 2^127, alpha), 1), the fastest form, which propagates NaN; for alpha outside of [0, 1), Where. */
function leakyReluGrad(x: Node, alpha: number, build: Make): Node {
  if (alpha >= 0 && alpha < 1) return build('Clip', [build('Mul', [x, scalar(HUGE)], {})], { min: alpha, max: 1 });
  const chosen = build('Where', [build('Greater', [x, scalar(0)], {}), scalar(1), scalar(alpha)], {});
  return build('Where', [build('IsNaN', [x], {}), x, chosen], {});
}
