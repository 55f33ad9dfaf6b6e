// The kernels of a model: the weights that are linear maps, as opposed to biases, gains, offsets and slopes, and each
// as the matrix whose largest singular value spectral normalization divides by, the same as in PyTorch.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from './layersIn';

/** A kernel as the matrix [everything else, outputs]. */
export type KernelMatrix = (W: Tensor) => Tensor2D;

/** Dense [in, out], convolution [...k, in, out], embedding [words, out], recurrent [in, out]. */
const outputsLast: KernelMatrix = (W) => tf.reshape(W, [-1, W.shape.at(-1)!]);

/** Transposed convolution [...k, out, in]: as the matrix [...k·in, out]. */
const outputsBeforeLast: KernelMatrix = (W) => {
  const axes = Array.from({ length: W.rank }, (_, i) => i);
  return outputsLast(tf.transpose(W, [...axes.slice(0, -2), W.rank - 1, W.rank - 2]));
};

/** Depthwise [kh, kw, in, multiplier]: each output sees one channel, so [kh·kw, in·multiplier]. */
const outputsInTwoAxes: KernelMatrix = (W) => tf.reshape(W, [W.shape.slice(0, 2).reduce((a, b) => a * b), -1]);

/** By the names that TensorFlow.js, and layers written after its example, give their weights. */
const matrices: Readonly<Record<string, KernelMatrix>> = {
  kernel: outputsLast,
  recurrent_kernel: outputsLast,
  pointwise_kernel: outputsLast,
  depthwise_kernel: outputsInTwoAxes,
  embeddings: outputsLast,
};

/** The matrix of a weight of this name; null for a weight that is no kernel. */
export function kernelMatrix(layer: Layer, weight: string, rank: number): KernelMatrix | null {
  if (rank < 2 || !Object.hasOwn(matrices, weight)) return null;
  return weight === 'kernel' && isTransposed(layer) ? outputsBeforeLast : matrices[weight]!;
}

/** Whether a layer is a transposed convolution, or of a class derived from one. */
export function isTransposed(layer: Layer): boolean {
  for (let type: unknown = layer.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type))
    if (/^Conv[23]DTranspose$/.test((type as { className?: string }).className ?? '')) return true;
  return false;
}
