// The specs of TensorFlow.js that fail on our backend, and why. Every spec that a pattern matches must fail: a pattern
// that matches one that passes is stale, and so is one that matches nothing.

export interface Exclusion {
  /** Matched against the spec's full name, without the name of the environment. */
  readonly specs: RegExp;
  readonly reason: string;
}

const complex = 'complex numbers are not supported';
const text = 'text is not supported';
const ragged = 'ragged and sparse tensors are not supported';
const pictures = 'the preparation of pictures is done before the training';
/** Zero for the floor of a quotient, the mean of what is inside of the image, what mirroring copied, holes in filters. */
const better = 'our gradient is the derivative, where TensorFlow.js has none or only something like it';
const rounding = 'ONNX Runtime rounds the last bit otherwise, and the spec allows an absolute error of 0.001';

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
  { specs: /^cropAndResize /, reason: pictures },
  { specs: /^image\.transform (?!throws)/, reason: pictures },
  { specs: /^fromPixels, mock canvas accepts a canvas-like element/, reason: pictures },
  { specs: /^gradients errors if relevant ops are missing grads$/, reason: better },
  { specs: /^gradient registry errors when running non-existent gradient$/, reason: better },
  { specs: /^div gradient: (Tensor1D with int32|1d<int32> with 1d<bool> )$/, reason: better },
  { specs: /^depthwiseConv2d gradients throws error on dilations > 1$/, reason: better },
  { specs: /^avgPool gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit$/, reason: better },
  { specs: /^mirrorPad grad/, reason: better },
  { specs: /^exp int32$/, reason: rounding },
  { specs: /^tan numbers exceed float32 precision$/, reason: rounding },
];
