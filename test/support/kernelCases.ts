// For tests: every kernel of TensorFlow.js with a gradient, in functions that use it, or the reason why it is not
// tested.
import * as tf from '@tensorflow/tfjs-core';
import type { KernelName } from '../../src/engine/tfjsInternals';

type Function = (...x: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** A function of tensors of these shapes, with normally distributed elements. */
export interface KernelCase {
  readonly f: Function;
  readonly shapes: readonly number[][];
  /** Its second derivative is rejected. */
  readonly rejected?: boolean;
}

export type KernelRow = readonly KernelCase[] | { readonly reason: string };

const of = (f: unknown, ...shapes: number[][]): KernelCase => ({ f: f as Function, shapes });
const unary = (f: (x: tf.Tensor) => tf.Tensor): readonly KernelCase[] => [of(f, [3, 4])];
const positive = (f: (x: tf.Tensor) => tf.Tensor) => unary((x) => f(tf.add(tf.abs(x), 0.2)));
const within = (f: (x: tf.Tensor) => tf.Tensor) => unary((x) => f(tf.mul(0.9, tf.tanh(x))));
const binary = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): readonly KernelCase[] => [
  of(f, [3, 4], [3, 4]),
  of(f, [2, 3, 4], [4]),
  of(f, [3, 1], [2, 3, 4]),
];
const reduction = (f: (x: tf.Tensor, axis?: number | number[]) => tf.Tensor): readonly KernelCase[] => [
  of((x: tf.Tensor) => f(x), [2, 3, 4]),
  of((x: tf.Tensor) => f(x, 1), [2, 3, 4]),
  of((x: tf.Tensor) => f(x, [0, 2]), [2, 3, 4]),
];
const bool = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => binary((a, b) => tf.mul(tf.cast(f(a, b), 'float32'), a));
const flatly = (f: (x: tf.Tensor) => tf.Tensor) => unary((x) => tf.mul(tf.cast(f(x), 'float32'), x));
const pads = ['same', 'valid', 1] as const;
const ints = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');
const image = [2, 5, 6, 2];

export const kernelRows: { readonly [K in KernelName]?: KernelRow } = {
  Abs: unary(tf.abs),
  Acos: within(tf.acos),
  Acosh: positive((x) => tf.acosh(tf.add(x, 1))),
  Add: binary(tf.add),
  AddN: [of((...x: tf.Tensor[]) => tf.addN(x), [3], [3], [3])],
  All: flatly((x) => tf.all(tf.greater(x, -1))),
  Any: flatly((x) => tf.any(tf.greater(x, 0), 0)),
  ArgMax: [of((x: tf.Tensor) => tf.mul(tf.cast(tf.argMax(x, 0), 'float32'), x), [3, 4])],
  ArgMin: [of((x: tf.Tensor) => tf.mul(tf.cast(tf.argMin(x, 0), 'float32'), x), [3, 4])],
  Asin: within(tf.asin),
  Asinh: unary(tf.asinh),
  Atan: unary(tf.atan),
  Atan2: binary(tf.atan2),
  Atanh: within(tf.atanh),
  AvgPool: pads.flatMap((pad) =>
    [
      [2, 2],
      [3, 2],
      [3, 1],
      [2, 3],
    ].map(([k, s]) => of((x: tf.Tensor4D) => tf.avgPool(x, k, s, pad), image)),
  ),
  AvgPool3D: (['same', 'valid'] as const).map((pad) =>
    of((x: tf.Tensor5D) => tf.avgPool3d(x, 3, 2, pad), [1, 4, 5, 3, 2]),
  ),
  BatchMatMul: [false, true].flatMap((t) => [
    of((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, t, t), t ? [4, 3] : [3, 4], t ? [2, 4] : [4, 2]),
    of((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, t, false), t ? [2, 4, 3] : [2, 3, 4], [2, 4, 5]),
  ]),
  BatchToSpaceND: [
    of(
      (x: tf.Tensor4D) =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      [4, 3, 3, 2],
    ),
  ],
  Cast: unary((x) => tf.cast(x, 'float32')),
  Ceil: flatly(tf.ceil),
  ClipByValue: unary((x) => tf.clipByValue(x, -0.5, 0.7)),
  ComplexAbs: { reason: 'complex numbers are not supported' },
  Concat: [of((a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], 1), [2, 3], [2, 1])],
  Conv2D: [
    ...pads.flatMap((pad) =>
      [1, 2].map((s) => of((x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, s, pad), image, [3, 2, 2, 3])),
    ),
    of((x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 1, 'same', 'NHWC', [2, 1]), image, [3, 2, 2, 3]),
    of(
      (x: tf.Tensor4D, w: tf.Tensor4D) =>
        tf.conv2d(x, w, 2, [
          [0, 0],
          [1, 0],
          [0, 2],
          [0, 0],
        ]),
      image,
      [3, 3, 2, 2],
    ),
  ],
  Conv2DBackpropInput: [
    of(
      (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2dTranspose(x, w, [2, 6, 8, 3], 2, 'same'),
      [2, 3, 4, 2],
      [3, 4, 3, 2],
    ),
  ],
  Conv2DBackpropFilter: { reason: 'it is tested by the second order of Conv2D' },
  Conv3D: [1, 2].flatMap((s) =>
    (['same', 'valid'] as const).map((pad) =>
      of((x: tf.Tensor5D, w: tf.Tensor5D) => tf.conv3d(x, w, s, pad), [1, 3, 4, 3, 2], [2, 2, 2, 2, 2]),
    ),
  ),
  Conv3DBackpropInputV2: [
    of(
      (x: tf.Tensor5D, w: tf.Tensor5D) => tf.conv3dTranspose(x, w, [1, 4, 4, 2, 2], 2, 'same'),
      [1, 2, 2, 1, 1],
      [2, 3, 2, 2, 1],
    ),
  ],
  Conv3DBackpropFilterV2: { reason: 'it is tested by the second order of Conv3D' },
  Cos: unary(tf.cos),
  Cosh: unary(tf.cosh),
  Cumsum: [0, 1, 2].flatMap((axis) =>
    [true, false].map((flag) => of((x: tf.Tensor) => tf.cumsum(x, axis, flag, !flag), [2, 3, 4])),
  ),
  DepthToSpace: [of((x: tf.Tensor4D) => tf.depthToSpace(x, 2), [2, 2, 3, 8])],
  DepthwiseConv2dNative: [
    ...pads.flatMap((pad) =>
      [1, 2].map((s) => of((x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, s, pad), image, [3, 2, 2, 2])),
    ),
    of((x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, 1, 'same', 'NHWC', [2, 2]), image, [2, 2, 2, 1]),
  ],
  DepthwiseConv2dNativeBackpropInput: { reason: 'it is tested by the second order of DepthwiseConv2dNative' },
  DepthwiseConv2dNativeBackpropFilter: { reason: 'it is tested by the second order of DepthwiseConv2dNative' },
  Dilation2D: [
    { ...of((x: tf.Tensor4D, w: tf.Tensor3D) => tf.dilation2d(x, w, 1, 'valid'), image, [2, 2, 2]), rejected: true },
  ],
  Elu: unary(tf.elu),
  Equal: bool(tf.equal),
  Erf: unary(tf.erf),
  Exp: unary(tf.exp),
  ExpandDims: unary((x) => tf.expandDims(x, 1)),
  Expm1: unary(tf.expm1),
  Floor: flatly(tf.floor),
  FloorDiv: bool(tf.floorDiv),
  FusedBatchNorm: [
    of(
      (x: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D, b: tf.Tensor1D, g: tf.Tensor1D) =>
        tf.batchNorm(x, m, tf.add(tf.square(v), 0.2), b, g, 0.001),
      [2, 3, 3, 2],
      [2],
      [2],
      [2],
      [2],
    ),
  ],
  GatherNd: [
    of(
      (x: tf.Tensor) =>
        tf.gatherND(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 3],
              [0, 1],
            ],
            [3, 2],
            'int32',
          ),
        ),
      [3, 4, 2],
    ),
  ],
  GatherV2: [
    of((x: tf.Tensor) => tf.gather(x, ints([2, 0, 2]), 1), [2, 3, 4]),
    of((x: tf.Tensor) => tf.gather(x, tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32'), 1, 1), [2, 3, 4]),
  ],
  Greater: bool(tf.greater),
  GreaterEqual: bool(tf.greaterEqual),
  Identity: unary(tf.clone),
  IsFinite: flatly(tf.isFinite),
  IsInf: flatly(tf.isInf),
  IsNan: flatly(tf.isNaN),
  LRN: [of((x: tf.Tensor4D) => tf.localResponseNormalization(x, 1, 1, 0.5, 0.7), [1, 2, 2, 5])],
  LeakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  Less: bool(tf.less),
  LessEqual: bool(tf.lessEqual),
  Log: positive(tf.log),
  Log1p: positive(tf.log1p),
  LogicalAnd: bool((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0))),
  LogicalNot: flatly((x) => tf.logicalNot(tf.greater(x, 0))),
  LogicalOr: bool((a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0))),
  Max: reduction(tf.max),
  MaxPool: pads.flatMap((pad) =>
    [
      [2, 2],
      [3, 2],
      [3, 1],
      [2, 3],
    ].map(([k, s]) => of((x: tf.Tensor4D) => tf.maxPool(x, k, s, pad), image)),
  ),
  MaxPool3D: (['same', 'valid'] as const).map((pad) =>
    of((x: tf.Tensor5D) => tf.maxPool3d(x, 3, 2, pad), [1, 4, 5, 3, 2]),
  ),
  Maximum: binary(tf.maximum),
  Mean: reduction(tf.mean),
  Min: reduction(tf.min),
  Minimum: binary(tf.minimum),
  MirrorPad: [
    of(
      (x: tf.Tensor) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [2, 0],
          ],
          'reflect',
        ),
      [3, 4],
    ),
    of(
      (x: tf.Tensor) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [3, 4],
          ],
          'symmetric',
        ),
      [3, 4],
    ),
  ],
  Mod: binary(tf.mod),
  Multiply: binary(tf.mul),
  Neg: unary(tf.neg),
  NotEqual: bool(tf.notEqual),
  OneHot: { reason: 'its inputs are integers' },
  OnesLike: flatly(tf.onesLike),
  Pack: [of((a: tf.Tensor, b: tf.Tensor) => tf.stack([a, b], 1), [2, 3], [2, 3])],
  PadV2: [
    of(
      (x: tf.Tensor) =>
        tf.pad(
          x,
          [
            [1, 0],
            [0, 2],
          ],
          0.5,
        ),
      [2, 3],
    ),
  ],
  Pow: binary((a, b) => tf.pow(tf.add(tf.abs(a), 0.2), b)),
  Prelu: [of((x: tf.Tensor, a: tf.Tensor) => tf.prelu(x, a), [3, 4], [4])],
  Prod: reduction(tf.prod),
  RealDiv: binary((a, b) => tf.div(a, tf.add(tf.abs(b), 0.5))),
  Reciprocal: positive(tf.reciprocal),
  Relu: unary(tf.relu),
  Relu6: unary((x) => tf.relu6(tf.mul(6, x))),
  Reshape: unary((x) => tf.reshape(x, [2, 6])),
  ResizeBilinear: [
    [8, 9],
    [3, 4],
    [10, 3],
  ].flatMap((size) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([align, half]) =>
      of((x: tf.Tensor4D) => tf.image.resizeBilinear(x, size as [number, number], align, half), image),
    ),
  ),
  ResizeNearestNeighbor: [
    [10, 18],
    [3, 4],
    [7, 3],
  ].flatMap((size) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([align, half]) =>
      of((x: tf.Tensor4D) => tf.image.resizeNearestNeighbor(x, size as [number, number], align, half), image),
    ),
  ),
  Reverse: [of((x: tf.Tensor) => tf.reverse(x, [0, 2]), [2, 3, 4])],
  Round: flatly(tf.round),
  Rsqrt: positive(tf.rsqrt),
  ScatterNd: [of((x: tf.Tensor) => tf.scatterND(tf.tensor2d([[0], [2], [0]], [3, 1], 'int32'), x, [4, 2]), [3, 2])],
  Select: [of((a: tf.Tensor, b: tf.Tensor) => tf.where(tf.greater(a, b), tf.square(a), b), [3, 4], [3, 4])],
  Selu: unary(tf.selu),
  Sigmoid: unary(tf.sigmoid),
  Sign: flatly(tf.sign),
  Sin: unary(tf.sin),
  Sinh: unary(tf.sinh),
  Slice: [of((x: tf.Tensor) => tf.slice(x, [0, 1], [2, 2]), [3, 4])],
  Softmax: [of((x: tf.Tensor) => tf.softmax(x), [3, 4])],
  LogSoftmax: [of((x: tf.Tensor) => tf.logSoftmax(x), [3, 4])],
  Softplus: unary(tf.softplus),
  SpaceToBatchND: [
    of(
      (x: tf.Tensor4D) =>
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 1],
          ],
        ),
      [2, 3, 2, 2],
    ),
  ],
  SplitV: [of((x: tf.Tensor) => tf.split(x, [1, 3], 1), [3, 4]), of((x: tf.Tensor) => tf.split(x, 1, 1), [3, 4])],
  Sqrt: positive(tf.sqrt),
  Square: unary(tf.square),
  SquaredDifference: binary(tf.squaredDifference),
  Step: flatly((x) => tf.step(x, 0.3)),
  StridedSlice: [
    of((x: tf.Tensor) => tf.stridedSlice(x, [0, 5, 1], [2, 0, 4], [1, -2, 2]), [2, 6, 5]),
    of((x: tf.Tensor) => tf.stridedSlice(x, [1, 1], [2, 4], [1, 1], 0, 0, 0, 0, 1), [3, 4]),
  ],
  Sub: binary(tf.sub),
  Sum: reduction(tf.sum),
  Tan: within(tf.tan),
  Tanh: unary(tf.tanh),
  Tile: [
    of((x: tf.Tensor) => tf.tile(x, [2, 1, 3]), [2, 3, 2]),
    of((x: tf.Tensor) => tf.tile(x, [2, 1, 1, 1, 2]), [1, 2, 1, 2, 2]),
  ],
  Transpose: [of((x: tf.Tensor) => tf.transpose(x, [2, 0, 1]), [2, 3, 4])],
  Unpack: [of((x: tf.Tensor) => tf.unstack(x, 1), [2, 3, 2]), of((x: tf.Tensor) => tf.unstack(x, 1), [2, 1, 2])],
  UnsortedSegmentSum: [of((x: tf.Tensor) => tf.unsortedSegmentSum(x, ints([1, 0, 1]), 3), [3, 2])],
  ZerosLike: flatly(tf.zerosLike),
  AvgPoolGrad: { reason: 'it is tested by the second order of AvgPool' },
  AvgPool3DGrad: { reason: 'it is tested by the second order of AvgPool3D' },
  MaxPoolGrad: { reason: 'it is tested by the second order of MaxPool' },
  MaxPool3DGrad: { reason: 'it is tested by the second order of MaxPool3D' },
  ResizeBilinearGrad: { reason: 'the gradient of ResizeBilinear does not use it' },
  ResizeNearestNeighborGrad: { reason: 'the gradient of ResizeNearestNeighbor does not use it' },
};
