// Gradient rules of kernels: vector-Jacobian products.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Attributes of a kernel, as TensorFlow.js passes them. */
export type Attributes = tf.NamedAttrMap;

export interface Rule {
  /** Names of the inputs that `vjp` uses. */
  readonly savedInputs: readonly string[];
  /** dy ↦ (∂y/∂input)ᵀ dy for every input of the kernel, computed on demand. */
  readonly vjp: (dy: tf.Tensor, inputs: Tensors, attributes: Attributes) => Record<string, () => tf.Tensor>;
}

export type Rules = { readonly [K in KernelName]?: Rule };

/** A table of rules from a list. */
export const rulesOf = (entries: readonly (readonly [KernelName, Rule])[]): Rules => Object.fromEntries(entries);

/** Registers a rule for every backend, replacing an existing one. */
export function register(kernelName: string, { savedInputs, vjp }: Rule): void {
  if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: [...savedInputs],
    gradFunc: (dy, saved, attributes) =>
      vjp(dy as tf.Tensor, Object.fromEntries(savedInputs.map((name, i) => [name, saved[i]])), attributes),
  });
}

/** Runs a kernel with a single result. */
export const run = (kernel: KernelName, inputs: Tensors, attributes: object): tf.Tensor =>
  tf.engine().runKernel(kernel, { ...inputs }, attributes as tf.NamedAttrMap);

/** A zero cotangent, float32 for any dtype. */
export const zeros =
  (like: tf.Tensor): (() => tf.Tensor) =>
  () =>
    tf.zeros(like.shape);

/** Sums a cotangent over the axes along which `x` was broadcast. */
export function unbroadcast(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(x.shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, x.shape);
}
