// Reductions, and softmax.
import type * as tf from '@tensorflow/tfjs-core';
import { axesOf, cast, fillAll, float, make, scalar, sizeOf, type Lowering, type Node } from './kernel';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceProd' | 'ReduceMax' | 'ReduceMin';
interface Axes {
  readonly axis: number | number[];
  readonly keepDims?: boolean;
}

function reduce(op: Reduction, x: Node, { axis, keepDims = false }: Axes): Node {
  const axes = axesOf(axis, x.shape.length);
  return axes.length === 0 ? x : make(op, [x], { axes, keepDims });
}

const number = (x: Node): Node => (x.dtype === 'bool' ? cast(x, 'int32') : x);

export const Sum: Lowering<Axes> = ({ x }, axes) => reduce('ReduceSum', number(x), axes);
export const Prod: Lowering<Axes> = ({ x }, axes) => reduce('ReduceProd', number(x), axes);
export const Mean: Lowering<Axes> = ({ x }, axes) => reduce('ReduceMean', float(x), axes);

/**
 * ONNX Runtime's ReduceMax and ReduceMin ignore NaN; TensorFlow.js propagates it, and returns NaN for empty tensors.
 */
function extreme(op: 'ReduceMax' | 'ReduceMin', x: Node, axes: Axes): Node {
  const extremum = reduce(op, number(x), axes);
  if (sizeOf(x.shape) === 0) return fillAll(x.dtype === 'float32' ? NaN : 0, extremum.shape, x.dtype);
  if (x.dtype !== 'float32' || extremum === x) return cast(extremum, x.dtype);
  const anyNaN = cast(reduce('ReduceMax', cast(make('IsNaN', [x], {}), 'int32'), axes), 'bool');
  return make('Where', [anyNaN, scalar(NaN), extremum], {});
}

interface ReductionIndices {
  readonly reductionIndices?: number | number[];
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
}
const indices = (a: ReductionIndices): Axes => ({ axis: a.reductionIndices ?? a.axis!, keepDims: a.keepDims });

export const Max: Lowering<ReductionIndices> = ({ x }, a) => extreme('ReduceMax', x, indices(a));
export const Min: Lowering<ReductionIndices> = ({ x }, a) => extreme('ReduceMin', x, indices(a));
export const All: Lowering<Axes> = ({ x }, axes) => cast(reduce('ReduceMin', cast(x, 'int32'), axes), 'bool');
/** ¬all(¬x), which is false for empty tensors. */
export const Any: Lowering<Axes> = ({ x }, axes) => not(All({ x: not(cast(x, 'bool')) }, axes) as Node);
const not = (x: Node): Node => make('Not', [x], {});

/** The index of the first extremum, ignoring NaN; 0 for empty tensors. */
function indexOf(op: 'ArgMax' | 'ArgMin', x: Node, axis: number | number[]): Node {
  const along = axesOf(axis, x.shape.length)[0] ?? 0;
  if (x.shape.length === 0 || x.shape[along] === 0) return fillAll(0, x.shape.toSpliced(along, 1), 'int32');
  const worst = scalar(op === 'ArgMax' ? -Infinity : Infinity);
  const clean = x.dtype === 'float32' ? make('Where', [make('IsNaN', [x], {}), worst, x], {}) : number(x);
  return cast(make(op, [clean], { axis: along }), 'int32');
}

export const ArgMax: Lowering<Axes> = ({ x }, { axis }) => indexOf('ArgMax', x, axis);
export const ArgMin: Lowering<Axes> = ({ x }, { axis }) => indexOf('ArgMin', x, axis);

export const Softmax: Lowering<tf.SoftmaxAttrs> = ({ logits }, { dim }) =>
  make('Softmax', [float(logits)], { axis: axesOf(dim, logits.shape.length)[0] });
export const LogSoftmax: Lowering<tf.LogSoftmaxAttrs> = ({ logits }, { axis }) =>
  make('LogSoftmax', [float(logits)], { axis: axesOf(axis, logits.shape.length)[0] });
