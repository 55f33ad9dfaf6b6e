// Every kernel that TensorFlow.js has, and its lowering to ONNX operators or why there is none: total, so that a kernel
// cannot be forgotten.
import type * as names from '@tensorflow/tfjs-core/dist/kernel_names';
import * as binary from './binary';
import * as convolution from './convolution';
import { refused, type Lowering, type Refusal } from './kernel';
import * as linear from './linear';
import * as movement from './movement';
import * as pooling from './pooling';
import * as reduction from './reduction';
import * as resize from './resize';
import * as unary from './unary';

/** The name of a TensorFlow.js kernel, for example 'Conv2D'. */
export type KernelName = (typeof names)[keyof typeof names];

const complex = refused('complex numbers are not supported');
const strings = refused('string tensors are not supported');
const ragged = refused('ragged and sparse tensors are not supported');
const images = refused('it is not differentiable and belongs to image preprocessing');
const later = refused('it has no lowering to ONNX operators');
const dynamic = refused('the shape of its result depends on values');
const random = refused('it draws random numbers, which a compiled step cannot: feed them as an input');

type Row = { readonly [K in KernelName]: Lowering<never> | Refusal };

export const kernels = {
  ...unary,
  ...binary,
  ...reduction,
  ...movement,
  ...linear,
  ...convolution,
  ...pooling,
  ...resize,
  ...{ Complex: complex, ComplexAbs: complex, Real: complex, Imag: complex, FFT: complex, IFFT: complex },
  ...{ StaticRegexReplace: strings, StringNGrams: strings, StringSplit: strings, StringToHashBucketFast: strings },
  ...{ RaggedGather: ragged, RaggedRange: ragged, RaggedTensorToTensor: ragged, SparseFillEmptyRows: ragged },
  ...{ SparseReshape: ragged, SparseSegmentMean: ragged, SparseSegmentSum: ragged, SparseToDense: ragged },
  ...{ CropAndResize: images, Draw: images, FlipLeftRight: images, FromPixels: images, RotateWithOffset: images },
  ...{ NonMaxSuppressionV3: images, NonMaxSuppressionV4: images, NonMaxSuppressionV5: images, Transform: images },
  ...{ Unique: dynamic, Bincount: dynamic, DenseBincount: dynamic, BroadcastArgs: dynamic, SearchSorted: later },
  ...{ Multinomial: random, Atan2: later, BitwiseAnd: later, Cumprod: later, Diag: later, Einsum: later },
  ...{ Pool: later },
  ...{ TopK: later },
  ...{ Dilation2D: later, Dilation2DBackpropInput: later },
  ...{ Dilation2DBackpropFilter: later, LRN: later, LRNGrad: later, MatrixBandPart: later, MirrorPad: later },
  ...{ GatherNd: later, ScatterNd: later, TensorScatterUpdate: later, UnsortedSegmentSum: later },
  ...{ LowerBound: later, UpperBound: later, BatchToSpaceND: later, SpaceToBatchND: later },
} satisfies Row;
