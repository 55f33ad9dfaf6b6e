// Kernels that create tensors, and kernels that move elements.
import * as tf from '@tensorflow/tfjs-core';
import { axesOf, cast, constant, expand, fillAll, like, make, pad, reshape, sizeOf, slice, transpose } from './kernel';
import { type DType, type Lowering, type Node } from './kernel';

export const Identity: Lowering = ({ x }) => x;
export const Cast: Lowering<tf.CastAttrs> = ({ x }, { dtype }) => cast(x, supported(dtype));

export const Reshape: Lowering<tf.ReshapeAttrs> = ({ x }, { shape }) =>
  reshape(x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape)));

export const ExpandDims: Lowering<tf.ExpandDimsAttrs> = ({ input }, { dim }) => {
  const rank = input.shape.length;
  tf.util.assert(-(rank + 1) <= dim, () => `Axis must be in the interval [${-(rank + 1)}, ${rank}]`);
  return reshape(input, input.shape.toSpliced(dim < 0 ? dim + rank + 1 : dim, 0, 1));
};

export const Transpose: Lowering<tf.TransposeAttrs> = ({ x }, { perm }) => transpose(x, perm);
export const Tile: Lowering<tf.TileAttrs> = ({ x }, { reps }) =>
  reps.every((r) => r === 1) ? x : make('Tile', [x], { repeats: reps });
export const BroadcastTo: Lowering<tf.BroadCastToAttrs> = ({ x }, { shape }) => expand(x, shape);

export const Concat: Lowering<tf.ConcatAttrs> = (inputs, { axis }) => {
  const xs = Object.values(inputs);
  const along = axesOf(axis, xs[0].shape.length)[0];
  tf.backend_util.assertParamsConsistent(
    xs.map((x) => [...x.shape]),
    along,
  );
  const nonEmpty = xs.filter((x) => sizeOf(x.shape) > 0);
  return nonEmpty.length === 1 ? nonEmpty[0] : make('Concat', nonEmpty.length > 0 ? nonEmpty : xs, { axis: along });
};

export const Pack: Lowering<tf.PackAttrs> = (inputs, { axis }) => {
  const xs = Object.values(inputs);
  const rank = xs[0].shape.length;
  const along = axis < 0 ? axis + rank + 1 : axis;
  return make(
    'Concat',
    xs.map((x) => reshape(x, x.shape.toSpliced(along, 0, 1))),
    { axis: along },
  );
};

/** `size` elements along one axis, from `start` on. */
const range = (x: Node, axis: number, start: number, size: number): Node =>
  slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((d, i) => (i === axis ? size : d)),
  );

export const Unpack: Lowering<tf.UnpackAttrs> = ({ value }, { axis }) => {
  const along = axesOf(axis, value.shape.length)[0];
  const rest = value.shape.filter((_, i) => i !== along);
  return Array.from({ length: value.shape[along] }, (_, i) => reshape(range(value, along, i, 1), rest));
};

export const SplitV: Lowering<tf.SplitVAttrs> = ({ x }, { numOrSizeSplits, axis }) => {
  const along = axesOf(axis, x.shape.length)[0];
  let start = 0;
  const sizes = tf.backend_util.prepareSplitSize(like(x), numOrSizeSplits, along);
  return sizes.map((size) => range(x, along, (start += size) - size, size));
};

export const Slice: Lowering<tf.SliceAttrs> = ({ x }, { begin, size }) => {
  const [starts, sizes] = tf.slice_util.parseSliceParams(like(x), begin, size);
  tf.slice_util.assertParamsValid(like(x), starts, sizes);
  return slice(x, starts, sizes);
};

export const StridedSlice: Lowering<tf.StridedSliceAttrs> = ({ x }, a) => {
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  if (info.isIdentity) return reshape(x, info.finalShape);
  const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides).map((d) => Math.max(0, d));
  const sliced = make('Slice', [x], { starts: info.begin, sizes, steps: info.strides });
  return reshape(sliced, info.finalShape);
};

export const Reverse: Lowering<tf.ReverseAttrs> = ({ x }, { dims }) => {
  const axes = axesOf(dims, x.shape.length);
  const flipped = (i: number): boolean => axes.includes(i);
  const starts = x.shape.map((d, i) => (flipped(i) ? d - 1 : 0));
  return axes.length === 0
    ? x
    : make('Slice', [x], { starts, sizes: x.shape, steps: x.shape.map((_, i) => (flipped(i) ? -1 : 1)) });
};

export const PadV2: Lowering<tf.PadV2Attrs> = ({ x }, { paddings, constantValue }) =>
  pad(
    x,
    paddings.map((p) => p[0]),
    paddings.map((p) => p[1]),
    constantValue,
  );

export const OneHot: Lowering<tf.OneHotAttrs> = ({ indices }, { depth, onValue, offValue, dtype }) => {
  const classes = constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  const hit = make('Equal', [reshape(cast(indices, 'int32'), [...indices.shape, 1]), classes], {});
  return cast(make('Where', [hit, fillAll(onValue, []), fillAll(offValue, [])], {}), supported(dtype ?? 'int32'));
};

/** A tensor of twice the rank with the elements of x where both halves of the index are equal, else zeros. */
export const Diag: Lowering = ({ x }) => {
  const n = sizeOf(x.shape);
  const equal = Uint8Array.from({ length: n * n }, (_, i) => Number(Math.floor(i / n) === i % n));
  const values = reshape(x.dtype === 'bool' ? cast(x, 'int32') : x, [n, 1]);
  const square = make('Where', [constant(equal, [n, n], 'bool'), values, fillAll(0, [], values.dtype)], {});
  return cast(reshape(square, [...x.shape, ...x.shape]), x.dtype);
};

export const Fill: Lowering<tf.FillAttrs> = (_, { shape, value, dtype }) => {
  if (typeof value === 'string') throw new Error('string tensors are not supported');
  return fillAll(value, shape, supported(dtype ?? 'float32'));
};
export const ZerosLike: Lowering = ({ x }) => fillAll(0, x.shape, x.dtype);
export const OnesLike: Lowering = ({ x }) => fillAll(1, x.shape, x.dtype);

export const Range: Lowering<tf.RangeAttrs> = (_, { start, stop, step, dtype }) => {
  const stride = stop < start && step === 1 ? -1 : step;
  const count = Math.max(0, Math.ceil((stop - start) / stride));
  const values = Array.from({ length: count }, (_, i) => start + i * stride);
  return dtype === 'int32'
    ? constant(Int32Array.from(values), [count], 'int32')
    : constant(Float32Array.from(values), [count], 'float32');
};

export const LinSpace: Lowering<tf.LinSpaceAttrs> = (_, { start, stop, num }) => {
  const step = (stop - start) / Math.max(1, num - 1);
  return constant(
    Float32Array.from({ length: num }, (_, i) => start + i * step),
    [num],
    'float32',
  );
};

function supported(dtype: keyof tf.DataTypeMap): DType {
  if (dtype === 'string' || dtype === 'complex64') throw new Error(`${dtype} tensors are not supported`);
  return dtype;
}
