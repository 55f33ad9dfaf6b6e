// Every kernel of TensorFlow.js with its lowering to ONNX operators, or the reason why it has none. The type checker
// rejects the table if a kernel is missing.
import type { KernelName } from '../../tfjsInternals';
import * as binary from './binary';
import * as convolution from './convolution';
import * as indexing from './indexing';
import { refused, type Lowering, type Refusal } from './kernel';
import * as linear from './linear';
import * as morphology from './morphology';
import * as movement from './movement';
import * as scanAndSort from './scanAndSort';
import * as pooling from './pooling';
import * as rearrange from './rearrange';
import * as reduction from './reduction';
import * as resize from './resize';
import * as unary from './unary';
import * as dataDependent from './dataDependent';

const complex = refused('complex numbers are not supported');
const strings = refused('text is not supported');
const ragged = refused('ragged and sparse tensors are not supported');
const preprocessing = refused('it belongs to image preprocessing: do it before training');
const composed = refused('the gradient of LRN is composed of other kernels');
const unused = refused('no function of TensorFlow.js uses it');

const refusals = {
  ...{ Complex: complex, ComplexAbs: complex, Real: complex, Imag: complex, FFT: complex, IFFT: complex },
  ...{ StaticRegexReplace: strings, StringNGrams: strings, StringSplit: strings, StringToHashBucketFast: strings },
  ...{ RaggedGather: ragged, RaggedRange: ragged, RaggedTensorToTensor: ragged, SparseFillEmptyRows: ragged },
  ...{ SparseReshape: ragged, SparseSegmentMean: ragged, SparseSegmentSum: ragged },
  ...{ CropAndResize: preprocessing, Draw: preprocessing, FromPixels: preprocessing, Transform: preprocessing },
  ...{ LRNGrad: composed, LowerBound: unused, MatrixBandPart: unused, Pool: unused, UpperBound: unused },
};

type Rows = { readonly [K in KernelName]: Lowering<never> | Refusal };

export const kernels = {
  ...unary,
  ...binary,
  ...reduction,
  ...scanAndSort,
  ...linear,
  ...convolution,
  ...pooling,
  ...morphology,
  ...resize,
  ...movement,
  ...rearrange,
  ...indexing,
  ...dataDependent,
  ...refusals,
} satisfies Rows;

/** The lowered kernels by category, for the documentation. */
export const families: Readonly<Record<string, object>> = {
  'Unary, elementwise': unary,
  'Binary, elementwise': binary,
  'Reductions and softmax': reduction,
  'Scans, top-k and search': scanAndSort,
  'Matrix products and normalization': linear,
  Convolutions: convolution,
  Pooling: pooling,
  'Morphological dilation': morphology,
  Resizing: resize,
  'Creation, shapes and slices': movement,
  'Blocks, mirroring and rotation': rearrange,
  'Gather and scatter': indexing,
  'Data-dependent (not in training steps)': dataDependent,
};
