// Gradients of convolutions and of their gradients: y = x * w is linear in x and in w, so each of the three kernels of
// a kind is differentiated by the other two.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../tfjsInternals';
import { insertZeros } from './movement';
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

/** Fused kernels; the custom gradients of TensorFlow.js do not support dilations. */
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
    const cotangents = convolution[fused[kernel]]!.vjp(dy, { x, filter }, attributes);
    return [cotangents.x(), cotangents.filter(), ...(bias ? [unbroadcast(dy, bias)] : [])];
  };
}

function rules({ forward, input, filter }: Kind): Rules {
  const conv = (x: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor =>
    run(forward, { x, filter: w }, withoutDilations(a, w));
  const toInput = (shape: readonly number[], dy: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor =>
    run(input, { dy, filter: w }, { ...withoutDilations(a, w), inputShape: shape });
  const toFilter = (x: tf.Tensor, dy: tf.Tensor, w: tf.Tensor, a: Attributes): tf.Tensor =>
    run(filter, { x, dy }, { ...withoutDilations(a, w), filterShape: w.shape });
  return rulesOf([
    [
      forward,
      {
        savedInputs: ['x', 'filter'],
        vjp: (dy, { x, filter: w }, a) => {
          // No backend has gradients of dilated convolutions: they are those of a filter with zeros inserted.
          const dilatedFilter = dilated(w, dilationsOf(a));
          return {
            x: () => toInput(x.shape, dy, dilatedFilter, a),
            filter: () => sampled(toFilter(x, dy, dilatedFilter, a), dilationsOf(a)),
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

/** The attributes without dilations, which are part of the dilated filter. */
const withoutDilations = (a: Attributes, w: tf.Tensor): Attributes => ({
  ...a,
  dilations: w.shape.slice(0, -2).map(() => 1),
});

function dilationsOf({ dilations }: Attributes): readonly number[] {
  return dilations == null ? [] : ([dilations, dilations].flat() as number[]);
}

/** w with d - 1 zeros between its elements along each spatial axis. */
const dilated = (w: tf.Tensor, dilations: readonly number[]): tf.Tensor =>
  spatialDilations(w, dilations).reduce((x, d, axis) => insertZeros(x, axis, d), w);

/** Its adjoint: every d-th element. */
const sampled = (w: tf.Tensor, dilations: readonly number[]): tf.Tensor => {
  const strides = [...spatialDilations(w, dilations), 1, 1];
  return strides.every((s) => s === 1)
    ? w
    : tf.stridedSlice(
        w,
        w.shape.map(() => 0),
        w.shape,
        strides,
      );
};

const spatialDilations = (w: tf.Tensor, dilations: readonly number[]): number[] =>
  w.shape.slice(0, -2).map((_, axis) => dilations[axis] ?? 1);
