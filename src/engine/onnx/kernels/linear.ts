// Kernels of linear maps: matrix product, convolution and its gradients, batch normalisation, and their fused forms.
import * as tf from '@tensorflow/tfjs-core';
import type { Geometry } from '../../graph/ops';
import { broadcast, cast, float, make, reshape, scalar, transpose, wider, type Lowering, type Node } from './kernel';
import { sizeOf, type Shape } from './kernel';

/** [..., M, K] x [..., K, N]; two plain matrices become one Gemm, which takes transposes for free. */
function product(a: Node, b: Node, transA: boolean, transB: boolean): Node {
  const plain = (x: Node): boolean => sizeOf(x.shape.slice(0, -2)) === 1;
  const lead = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (plain(a) && plain(b)) {
    const y = make('Gemm', [matrix(a), matrix(b)], { transA, transB });
    return reshape(y, [...lead, ...y.shape]);
  }
  const swap = (x: Node): Node => transpose(x, [...x.shape.keys()].map((i, _, { length: r }) => (i < r - 2 ? i : 2 * r - 3 - i))); // prettier-ignore
  return make('MatMul', [transA ? swap(a) : a, transB ? swap(b) : b], {});
}

const matrix = (x: Node): Node => reshape(x, x.shape.slice(-2));

export const BatchMatMul: Lowering<tf.BatchMatMulAttrs> = ({ a, b }, { transposeA, transposeB }) =>
  cast(product(float(a), float(b), transposeA, transposeB), wider(a.dtype, b.dtype));

export const _FusedMatMul: Lowering<tf._FusedMatMulAttrs> = ({ a, b, bias, preluActivationWeights }, attributes) => {
  const y = product(float(a), float(b), attributes.transposeA, attributes.transposeB);
  return finish(y, bias, attributes, preluActivationWeights);
};

interface Fused {
  readonly activation: tf.fused.Activation;
  readonly leakyreluAlpha?: number;
}

function finish(y: Node, bias: Node | undefined, { activation, leakyreluAlpha = 0.2 }: Fused, alpha?: Node): Node {
  const z = bias ? make('Add', [y, float(bias)], {}) : y;
  const activate: { readonly [A in tf.fused.Activation]: () => Node } = {
    linear: () => z,
    relu: () => make('Relu', [z], {}),
    relu6: () => make('Clip', [z], { min: 0, max: 6 }),
    elu: () => make('Elu', [z], {}),
    sigmoid: () => make('Sigmoid', [z], {}),
    leakyrelu: () => make('LeakyRelu', [z], { alpha: leakyreluAlpha }),
    prelu: () => make('Where', [make('Less', [z, scalar(0)], {}), make('Mul', [z, alpha!], {}), z], {}),
  };
  return activate[activation ?? 'linear']();
}

interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The geometry of a convolution, with the end pads that its output size needs. */
function geometryOf(x: Shape, filter: Shape, a: ConvAttrs): Geometry {
  if (a.dataFormat === 'NCHW') throw new Error('convolutions are lowered for channelsLast (NHWC) only; use it');
  if (x[3] !== filter[2])
    throw new Error(`grouped convolutions are not lowered: ${x[3]} channels, filter of ${filter[2]}`);
  const info = tf.backend_util.computeConv2DInfo(x as Shape4, filter as Shape4, a.strides, a.dilations ?? 1, a.pad, a.dimRoundingMode); // prettier-ignore
  const { top, left } = info.padInfo;
  const end = (out: number, stride: number, reach: number, size: number, begin: number): number =>
    (out - 1) * stride + reach - size - begin;
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    filters: info.outChannels,
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [
      top,
      left,
      end(info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.inHeight, top),
      end(info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.inWidth, left),
    ],
    outHeight: info.outHeight,
    outWidth: info.outWidth,
  };
}

type Shape4 = [number, number, number, number];

export const Conv2D: Lowering<ConvAttrs> = ({ x, filter }, a) =>
  make('Conv2D', [float(x), float(filter)], { geometry: geometryOf(x.shape, filter.shape, a) });

export const FusedConv2D: Lowering<ConvAttrs & Fused> = ({ x, filter, bias, preluActivationWeights }, a) =>
  finish(Conv2D({ x, filter }, a) as Node, bias, a, preluActivationWeights);

export const Conv2DBackpropInput: Lowering<ConvAttrs & { inputShape: Shape }> = ({ dy, filter }, a) =>
  make('Conv2DInputGradient', [dy, filter], { geometry: geometryOf(a.inputShape, filter.shape, a) });

export const Conv2DBackpropFilter: Lowering<ConvAttrs & { filterShape: Shape }> = ({ x, dy }, a) =>
  make('Conv2DFilterGradient', [x, dy], { geometry: geometryOf(x.shape, a.filterShape, a) });

/** scale (x - mean) / sqrt(variance + epsilon) + offset */
export const FusedBatchNorm: Lowering<tf.FusedBatchNormAttrs> = ({ x, mean, variance, scale, offset }, a) => {
  const deviation = make('Sqrt', [make('Add', [variance, scalar(a.varianceEpsilon ?? 0.001)], {})], {});
  const inverse = make('Reciprocal', [deviation], {});
  const gain = scale ? make('Mul', [scale, inverse], {}) : inverse;
  const y = make('Mul', [make('Sub', [x, mean], {}), gain], {});
  return offset ? make('Add', [y, offset], {}) : y;
};
