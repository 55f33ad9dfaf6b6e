// Which convolutions are computed with the batch as the last axis of their images.
import type { Node } from '../graph/node';
import type { Geometry } from '../graph/ops';
import { lowerByIm2colBatchLast } from './im2colBatchLast';
import type { Convolution } from './onnxConvolution';
import type { Make } from './rewrite';
import { fits } from './winograd';
import { lowerByWinogradBatchLast } from './winogradBatchLast';

/** Rows of this many floats are copied and multiplied fast enough; measured with batches from 16 (bench/RESULTS.md). */
const ROW = 16;

/**
 * Whether the batch is worth being the last axis in a graph with these convolutions: one of them has many channels, and
 * all can be computed so. Between others, images would be transposed back and forth: a residual network takes longer.
 */
export const isBatchLastFor = (convolutions: readonly Convolution[]): boolean =>
  convolutions.every(({ attributes: { geometry } }) => isHalving(geometry)) &&
  convolutions.some(({ attributes: { geometry } }) => fits(geometry));

/** Undefined for other geometries and batches. */
export function lowerBatchLast(
  node: Convolution,
  inputs: readonly Node[],
  largeTiles: boolean,
  build: Make,
): Node | undefined {
  if (!isHalving(node.attributes.geometry)) return undefined;
  return lowerByWinogradBatchLast(node, inputs, largeTiles, build) ?? lowerByIm2colBatchLast(node, inputs, build);
}

/** Those of a DCGAN, which halve an image. */
const isHalving = (g: Geometry): boolean =>
  [...g.kernel, ...g.strides, ...g.dilations, ...g.pads].join() === '4,4,2,2,1,1,1,1,1,1' &&
  g.height === 2 * g.outHeight &&
  g.width === 2 * g.outWidth &&
  g.batch % ROW === 0;
