// Every kernel that TensorFlow.js has, and its lowering to ONNX operators or why there is none: total, so that a kernel
// cannot be forgotten.
import type { KernelName } from '../../tfjsInternals';
import * as binary from './binary';
import * as convolution from './convolution';
import * as indexing from './indexing';
import { refused, type Lowering, type Refusal } from './kernel';
import * as linear from './linear';
import * as morphology from './morphology';
import * as movement from './movement';
import * as order from './scanAndSort';
import * as pooling from './pooling';
import * as rearrange from './rearrange';
import * as reduction from './reduction';
import * as resize from './resize';
import * as unary from './unary';
import * as values from './dataDependent';

const complex = refused('complex numbers are not supported');
const strings = refused('text is not supported');
const ragged = refused('ragged and sparse tensors are not supported');
const pictures = refused('it belongs to the preparation of pictures: do it before the training');
const composed = refused('its gradient is composed of other kernels');
const unused = refused('TensorFlow.js names it and has no function that asks for it');

const refusals = {
  ...{ Complex: complex, ComplexAbs: complex, Real: complex, Imag: complex, FFT: complex, IFFT: complex },
  ...{ StaticRegexReplace: strings, StringNGrams: strings, StringSplit: strings, StringToHashBucketFast: strings },
  ...{ RaggedGather: ragged, RaggedRange: ragged, RaggedTensorToTensor: ragged, SparseFillEmptyRows: ragged },
  ...{ SparseReshape: ragged, SparseSegmentMean: ragged, SparseSegmentSum: ragged },
  ...{ CropAndResize: pictures, Draw: pictures, FromPixels: pictures, Transform: pictures },
  ...{ LRNGrad: composed, LowerBound: unused, MatrixBandPart: unused, Pool: unused, UpperBound: unused },
};

type Rows = { readonly [K in KernelName]: Lowering<never> | Refusal };

export const kernels = {
  ...unary,
  ...binary,
  ...reduction,
  ...order,
  ...linear,
  ...convolution,
  ...pooling,
  ...morphology,
  ...resize,
  ...movement,
  ...rearrange,
  ...indexing,
  ...values,
  ...refusals,
} satisfies Rows;

/** The lowered kernels by what they do, for people. */
export const families: Readonly<Record<string, object>> = {
  'One tensor, element by element': unary,
  'Two tensors, element by element': binary,
  'Sums and extrema along axes': reduction,
  'The order of elements along an axis': order,
  'Products and normalisation': linear,
  Convolutions: convolution,
  Pooling: pooling,
  'Grey-scale dilation': morphology,
  Resizing: resize,
  'Shapes, slices and tensors made of nothing': movement,
  'Blocks, mirrors and rotations': rearrange,
  'Reading and writing by index': indexing,
  'What looks at values, and so cannot stand in a training step': values,
};
