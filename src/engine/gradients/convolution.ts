// Gradients of convolutions and of their gradients: y = x * w is linear in x and in w, so each of the three kernels of
// a kind is differentiated by the other two.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';
import { stuffed } from './movement';
import { rulesOf, run, unbroadcast, type Attributes, type Rules } from './rule';

interface Kind {
  /** (x, w) ↦ x * w */
  readonly forward: KernelName;
  /** (dy, w) ↦ (∂y/∂x)ᵀ dy */
  readonly input: KernelName;
  /** (x, dy) ↦ (∂y/∂w)ᵀ dy */
  readonly filter: KernelName;
}

const kinds: readonly Kind[] = [
  { forward: 'Conv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' },
  { forward: 'Conv3D', input: 'Conv3DBackpropInputV2', filter: 'Conv3DBackpropFilterV2' },
  {
    forward: 'DepthwiseConv2dNative',
    input: 'DepthwiseConv2dNativeBackpropInput',
    filter: 'DepthwiseConv2dNativeBackpropFilter',
  },
];

export const convolution: Rules = Object.assign({}, ...kinds.map(rules)) as Rules;

/** Fused kernels, which TensorFlow.js gives custom gradients: without holes only. */
const fused: Readonly<Record<string, KernelName>> = {
  FusedConv2D: 'Conv2D',
  FusedDepthwiseConv2D: 'DepthwiseConv2dNative',
};

/**
 * The gradient of a fused convolution with holes, of (x, w) or (x, w, bias), without activation; null for any other
 * kernel.
 */
export function fusedGradient(
  kernel: string,
  [x, filter, bias]: readonly tf.Tensor[],
  attributes: Attributes,
): ((dy: tf.Tensor) => tf.Tensor[]) | null {
  if (!(kernel in fused) || dilationsOf(attributes).every((d) => d === 1)) return null;
  return (dy) => {
    const of = convolution[fused[kernel]]!.vjp(dy, { x, filter }, attributes);
    return [of.x(), of.filter(), ...(bias ? [unbroadcast(dy, bias)] : [])];
  };
}

function rules({ forward, input, filter }: Kind): Rules {
  const conv = (x: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor => run(forward, { x, filter: w }, dense(a, w));
  const toInput = (shape: readonly number[], dy: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor =>
    run(input, { dy, filter: w }, { ...dense(a, w), inputShape: shape });
  const toFilter = (x: tf.Tensor, dy: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor =>
    run(filter, { x, dy }, { ...dense(a, w), filterShape: w.shape });
  return rulesOf([
    [
      forward,
      {
        savedInputs: ['x', 'filter'],
        vjp: (dy, { x, filter: w }, a) => {
          // No backend has the gradient of a convolution with holes: it is the one of a filter with zeros in the holes.
          const wide = dilated(w, dilationsOf(a));
          return {
            x: () => toInput(x.shape, dy, wide, a),
            filter: () => sampled(toFilter(x, dy, wide, a), dilationsOf(a)),
          };
        },
      },
    ],
    [
      input,
      {
        savedInputs: ['dy', 'filter'],
        vjp: (ddx, { dy, filter: w }, a) => ({
          dy: () => conv(ddx, w, a),
          filter: () => toFilter(ddx, dy, w, a),
        }),
      },
    ],
    [
      filter,
      {
        savedInputs: ['x', 'dy'],
        vjp: (ddw, { x, dy }, a) => ({
          x: () => toInput(x.shape, dy, ddw, a),
          dy: () => conv(x, ddw, a),
        }),
      },
    ],
  ]);
}

/** The attributes without dilations, which are in the filter then. */
const dense = (a: Attributes, w: tf.Tensor): Attributes => ({ ...a, dilations: w.shape.slice(0, -2).map(() => 1) });

function dilationsOf({ dilations }: Attributes): readonly number[] {
  return dilations == null ? [] : ([dilations, dilations].flat() as number[]);
}

/** w with d - 1 zeros between its elements along each axis of space. */
const dilated = (w: tf.Tensor, dilations: readonly number[]): tf.Tensor =>
  space(w, dilations).reduce((wide, d, axis) => stuffed(wide, axis, d), w);

/** Its adjoint: every d-th element. */
const sampled = (w: tf.Tensor, dilations: readonly number[]): tf.Tensor => {
  const strides = [...space(w, dilations), 1, 1];
  return strides.every((s) => s === 1)
    ? w
    : tf.stridedSlice(
        w,
        w.shape.map(() => 0),
        w.shape,
        strides,
      );
};

const space = (w: tf.Tensor, dilations: readonly number[]): number[] =>
  w.shape.slice(0, -2).map((_, axis) => dilations[axis] ?? 1);
