// Kernels that gather and scatter. Indices of any rank are converted to flat row numbers, so that ONNX Runtime gathers
// and scatters along one axis.
import * as tf from '@tensorflow/tfjs-core';
import {
  axesOf,
  cast,
  constant,
  expand,
  fillAll,
  knownValues,
  like,
  make,
  reshape,
  scalar,
  sizeOf,
  slice,
} from './kernel';
import { transpose, type Lowering, type Node, type Shape } from './kernel';

const integer = (x: Node): Node => cast(x, 'int32');

/** Throws for an index outside of [0, size), if the indices are known; else ONNX Runtime throws at run time. */
function assertInside(kernel: string, indices: Node, size: number): void {
  const bad = knownValues(indices)?.find((i) => Number(i) < 0 || Number(i) >= size);
  if (bad !== undefined) throw new Error(`${kernel}: the index value ${bad} is not in [0, ${size - 1}]`);
}

/** Slices of x along an axis. The first batchDims axes of x and of the indices are batch axes. */
export const GatherV2: Lowering<tf.GatherV2Attrs> = ({ x, indices: given }, { axis, batchDims }) => {
  const indices = integer(given);
  const along = axesOf(axis, x.shape.length)[0];
  assertInside('GatherV2', indices, x.shape[along]);
  const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(like(x), like(indices), along, batchDims ?? 0);
  const { batchSize: b, outerSize: outer, dimSize: size, sliceSize: inner, outputShape } = info;
  if (b === 1)
    return reshape(make('Gather', [x, reshape(indices, indices.shape.slice(batchDims))], { axis: along }), outputShape);
  // Rows are numbered across all batches.
  const rows = reshape(transpose(reshape(x, [b, outer, size, inner]), [0, 2, 1, 3]), [b * size, outer * inner]);
  const starts = constant(
    Int32Array.from({ length: b }, (_, i) => i * size),
    [b, 1],
    'int32',
  );
  const n = sizeOf(indices.shape) / b;
  const found = make('Gather', [rows, make('Add', [reshape(indices, [b, n]), starts], {})], { axis: 0 });
  return reshape(transpose(reshape(found, [b, n, outer, inner]), [0, 2, 1, 3]), outputShape);
};

/** Converts indices [..., K] into the first K axes of `shape` to flat indices [...]. */
function flatIndices(indices: Node, shape: Shape): Node {
  const depth = indices.shape.at(-1)!;
  const strides = Array.from({ length: depth }, (_, k) => sizeOf(shape.slice(k + 1, depth)));
  const weighted = make('Mul', [integer(indices), constant(Int32Array.from(strides), [depth], 'int32')], {});
  return make('ReduceSum', [weighted], { axes: [indices.shape.length - 1], keepDims: false });
}

export const GatherNd: Lowering = ({ params, indices }) => {
  const [shape, count, size] = tf.backend_util.prepareAndValidate(like(params), like(indices));
  if (count * size === 0) return fillAll(0, shape, params.dtype);
  const depth = indices.shape.at(-1)!;
  if (depth === 0) return expand(params, shape);
  const known = knownValues(indices);
  const outside = (i: number | bigint, at: number): boolean => Number(i) < 0 || Number(i) >= params.shape[at % depth];
  if (known && [...(known as Int32Array)].some(outside))
    throw new Error(`Invalid indices: ${known} do not index into ${params.shape}`);
  const rows = reshape(params, [sizeOf(params.shape.slice(0, depth)), size]);
  return reshape(make('Gather', [rows, flatIndices(indices, params.shape)], { axis: 0 }), shape);
};

/** data [rows, size] with updates [n, size] written, or added, at the rows of index [n]. */
function scatter(data: Node, index: Node, updates: Node, reduction: 'none' | 'add'): Node {
  const at = reshape(cast(index, 'int64'), [sizeOf(index.shape), 1]);
  return make('ScatterND', [data, at, updates], { reduction });
}

/** Scatters into a tensor of any rank, with indices of any depth. */
function scatterInto(data: Node, indices: Node, updates: Node, reduction: 'none' | 'add'): Node {
  const shape = data.shape;
  const { sliceRank, numUpdates, sliceSize } = tf.backend_util.calculateShapes(like(updates), like(indices), [
    ...shape,
  ]);
  if (sizeOf(updates.shape) === 0) return data;
  const deep = reshape(indices, [numUpdates, sliceRank]);
  const known = knownValues(indices);
  if (known && [...(known as Int32Array)].some((i, at) => i < 0 || i >= shape[at % sliceRank]))
    throw new Error(`Invalid indices: ${known} do not index into ${shape}`);
  const rows = reshape(data, [sizeOf(shape.slice(0, sliceRank)), sliceSize]);
  const size = [numUpdates, sliceSize];
  const each = sizeOf(updates.shape) === 1 ? expand(reshape(updates, [1, 1]), size) : reshape(updates, size);
  const written = scatter(rows, flatIndices(deep, shape), each, reduction);
  return reshape(written, shape);
}

/** ONNX Runtime cannot scatter bool. */
const asNumber = (x: Node): Node => (x.dtype === 'bool' ? integer(x) : x);

export const ScatterNd: Lowering<tf.ScatterNdAttrs> = ({ indices, updates }, { shape }) => {
  const zeros = fillAll(0, shape, asNumber(updates).dtype);
  return cast(scatterInto(zeros, indices, asNumber(updates), 'add'), updates.dtype);
};

export const TensorScatterUpdate: Lowering = ({ tensor, indices, updates }) =>
  cast(scatterInto(asNumber(tensor), indices, asNumber(updates), 'none'), tensor.dtype);

export const SparseToDense: Lowering<tf.SparseToDenseAttrs> = (inputs, { outputShape }) => {
  const { sparseIndices, sparseValues, defaultValue } = inputs;
  const empty = expand(asNumber(defaultValue), outputShape);
  return cast(scatterInto(empty, sparseIndices, asNumber(sparseValues), 'none'), sparseValues.dtype);
};

/** Sums the rows [n, size] of each segment. Rows of invalid segments are added to an extra row, which is dropped. */
function segmentSum(rows: Node, segments: Node, count: number): Node {
  const [, size] = rows.shape;
  const ids = integer(segments);
  const valid = make(
    'And',
    [make('GreaterOrEqual', [ids, scalar(0, 'int32')], {}), make('Less', [ids, scalar(count, 'int32')], {})],
    {},
  );
  const index = make('Where', [valid, ids, scalar(count, 'int32')], {});
  return slice(scatter(fillAll(0, [count + 1, size], rows.dtype), index, rows, 'add'), [0, 0], [count, size]);
}

export const UnsortedSegmentSum: Lowering<tf.UnsortedSegmentSumAttrs> = ({ x, segmentIds }, { numSegments }) => {
  const n = sizeOf(segmentIds.shape);
  const rest = x.shape.slice(segmentIds.shape.length);
  if (sizeOf(x.shape) === 0) return fillAll(0, [numSegments, ...rest], x.dtype);
  const sum = segmentSum(reshape(asNumber(x), [n, sizeOf(rest)]), reshape(segmentIds, [n]), numSegments);
  return reshape(sum, [numSegments, ...rest]);
};

/** Counts of the numbers below `size` in every row of x, or the sums of their weights: [rows, size]. */
function countRows(x: Node, weights: Node, size: number, rows: number): Node {
  if (knownValues(x)?.some((v) => Number(v) < 0)) throw new Error('Input x must be non-negative!');
  const n = sizeOf(x.shape);
  const ones = sizeOf(weights.shape) > 0 ? weights : fillAll(1, x.shape, weights.dtype);
  const starts = constant(
    Int32Array.from({ length: rows }, (_, i) => i * size),
    [rows, 1],
    'int32',
  );
  const inRow = reshape(integer(x), [rows, n / rows]);
  const inside = make('Less', [inRow, scalar(size, 'int32')], {});
  const index = make('Where', [inside, make('Add', [inRow, starts], {}), scalar(-1, 'int32')], {});
  return reshape(segmentSum(reshape(ones, [n, 1]), reshape(index, [n]), rows * size), [rows, size]);
}

export const Bincount: Lowering<tf.BincountAttrs> = ({ x, weights }, { size }) =>
  reshape(countRows(x, weights, size, 1), [size]);

export const DenseBincount: Lowering<tf.DenseBincountAttrs> = ({ x, weights }, { size, binaryOutput }) => {
  const rows = x.shape.length === 1 ? 1 : x.shape[0];
  const counts = binaryOutput
    ? make('Min', [countRows(x, fillAll(0, [0], weights.dtype), size, rows), scalar(1, weights.dtype)], {})
    : countRows(x, weights, size, rows);
  return reshape(counts, x.shape.length === 1 ? [size] : [rows, size]);
};
