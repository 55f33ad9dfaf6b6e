// The specs of TensorFlow.js that fail on our backend, with reasons. Every spec that a pattern matches must fail; a
// pattern that matches a passing spec, or no spec, is stale.

export interface Exclusion {
  /** Matches the full name of a spec, without the environment. */
  readonly specs: RegExp;
  readonly reason: string;
}

const complex = 'complex numbers are not supported';
const text = 'text is not supported';
const ragged = 'ragged and sparse tensors are not supported';
const preprocessing = 'image preprocessing is done before training';
/** Gradients of floor division, average pooling with padding, mirror padding and dilated convolutions. */
const corrected = 'our gradient is correct, while that of TensorFlow.js is missing or inexact';
const rounding = 'ONNX Runtime rounds the last bit differently, and the spec allows only an absolute error of 0.001';

export const exclusions: readonly Exclusion[] = [
  { specs: /^(abs|add|sub|mul|clone|concat\dd|onesLike|transpose) .*complex/, reason: complex },
  { specs: /^(add|sub) upcasts when dtypes dont match$/, reason: complex },
  { specs: /^complex64 tf\./, reason: complex },
  { specs: /^([123]D I?R?FFT|stft) /, reason: complex },
  { specs: /^tensor (Scalar|Tensor\dD|cast|squeeze a|ones with|arraySync .* a) complex/, reason: complex },
  { specs: /^tensor(\.toString .*| with 0 in shape )complex64/, reason: complex },
  { specs: /^util\.toNestedArray for a complex tensor tensor to nested array$/, reason: complex },
  { specs: /^(encode|decode)Weights .*(Complex64|Mixed dtype) tensors$/, reason: complex },
  { specs: /^(encodeWeights|memory|tf\.buffer) .*string/i, reason: text },
  { specs: /^(clone|expandDims|fill|tile|unique|sparseToDense) .*string/, reason: text },
  { specs: /^squeeze (default|specific dimension|all ones|squeeze only ones)$/, reason: text },
  { specs: /(accepts|should support) string/i, reason: text },
  { specs: /^(staticRegexReplace|stringNGrams|stringSplit|stringToHashBucketFast) /, reason: text },
  {
    specs: /^tensor .*(from (encoded )?strings?|string(\[\])+( infer shape)?|dtype from .* string|string dtype)$/,
    reason: text,
  },
  { specs: /^tensor (reshape a|(dataSync )?\.data(Sync)?\(\) with casting,) string tensor$/, reason: text },
  { specs: /^tensor(\.toString|\.bytes\(\)| with 0 in shape) (scalar |\dd (long )?)?string/, reason: text },
  { specs: /^convertToTensor .*do not force numeric$/, reason: text },
  { specs: /^ragged/, reason: ragged },
  { specs: /^sparse(FillEmptyRows|Reshape) /, reason: ragged },
  { specs: /^sparseSegment(Mean|Sum) (?!0 dimensional|.*invalid rank)/, reason: ragged },
  { specs: /^cropAndResize /, reason: preprocessing },
  { specs: /^image\.transform (?!throws)/, reason: preprocessing },
  { specs: /^fromPixels, mock canvas accepts a canvas-like element/, reason: preprocessing },
  { specs: /^gradients errors if relevant ops are missing grads$/, reason: corrected },
  { specs: /^gradient registry errors when running non-existent gradient$/, reason: corrected },
  { specs: /^div gradient: (Tensor1D with int32|1d<int32> with 1d<bool> )$/, reason: corrected },
  { specs: /^depthwiseConv2d gradients throws error on dilations > 1$/, reason: corrected },
  { specs: /^avgPool gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit$/, reason: corrected },
  { specs: /^mirrorPad grad/, reason: corrected },
  { specs: /^exp int32$/, reason: rounding },
  { specs: /^tan numbers exceed float32 precision$/, reason: rounding },
];
