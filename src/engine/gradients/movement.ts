// Gradients of kernels that move elements: each is the adjoint of a linear map.
import * as tf from '@tensorflow/tfjs-core';
import type { Rule, Rules } from './rule';

/** Inserts step - 1 zeros between the elements along an axis: n elements become (n - 1) step + 1. */
export function insertZeros(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  if (step === 1) return x;
  const n = x.shape[axis];
  const [before, after] = [product(x.shape.slice(0, axis)), product(x.shape.slice(axis + 1))];
  const padded = tf.pad(tf.reshape(x, [before, n, 1, after]), [
    [0, 0],
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const length = (n - 1) * step + 1;
  const cut = tf.slice(tf.reshape(padded, [before, n * step, after]), [0, 0, 0], [before, length, after]);
  return tf.reshape(cut, x.shape.toSpliced(axis, 1, length));
}

const StridedSlice: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => {
    const a = attributes as unknown as tf.StridedSliceAttrs;
    const { begin, end, strides } = tf.slice_util.sliceInfo(
      x.shape,
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    return {
      x: () => {
        const counts = begin.map((first, axis) => Math.ceil((end[axis] - first) / strides[axis]));
        let dx = tf.reshape(dy, counts);
        const pads = x.shape.map((size, axis): [number, number] => {
          const [n, step] = [counts[axis], strides[axis]];
          if (step < 0) dx = tf.reverse(dx, axis);
          dx = insertZeros(dx, axis, Math.abs(step));
          const first = step < 0 ? begin[axis] + (n - 1) * step : begin[axis];
          return [first, size - first - dx.shape[axis]];
        });
        return tf.pad(dx, pads);
      },
    };
  },
};

/** Adds the cotangents of the mirrored elements to those of their sources. */
const MirrorPad: Rule = {
  savedInputs: ['x'],
  vjp: (dy, { x }, attributes) => {
    const { paddings, mode } = attributes as unknown as tf.MirrorPadAttrs;
    const offset = mode === 'reflect' ? 1 : 0;
    return {
      x: () =>
        paddings.reduce((folded, [before, after], axis) => {
          const n = x.shape[axis];
          const range = (start: number, size: number): tf.Tensor => sliceAlong(folded, axis, start, size);
          const mirrored = (start: number, size: number, to: number): tf.Tensor =>
            padAlong(tf.reverse(range(start, size), axis), axis, to, n - to - size);
          const parts = [range(before, n)];
          if (before > 0) parts.push(mirrored(0, before, offset));
          if (after > 0) parts.push(mirrored(before + n, after, n - offset - after));
          return tf.addN(parts);
        }, dy),
    };
  },
};

export const movement: Rules = {
  StridedSlice,
  MirrorPad,
  Cumsum: {
    savedInputs: [],
    vjp: (dy, _, { axis, exclusive, reverse }) => ({
      x: () => tf.cumsum(dy, axis as number, exclusive as boolean, !reverse),
    }),
  },
  Tile: {
    savedInputs: ['x'],
    vjp: (dy, { x }, { reps }) => ({
      // Each axis [r d] is reshaped to [r, d] and summed over the copies.
      x: () => (reps as number[]).reduce((sum, r, axis) => addCopies(sum, axis, r, x.shape[axis]), dy),
    }),
  },
  DepthToSpace: {
    savedInputs: ['x'],
    vjp: (dy, { x }, { blockSize, dataFormat }) => ({
      x: () => spaceToDepth(dy, x, blockSize as number, dataFormat as string),
    }),
  },
  GatherNd: {
    savedInputs: ['params', 'indices'],
    vjp: (dy, { params, indices }) => ({
      params: () => tf.scatterND(indices as tf.Tensor, dy, params.shape),
      indices: () => tf.zeros(indices.shape),
    }),
  },
  // TensorFlow.js passes a single cotangent not as a list, and then fails on it.
  Unpack: {
    savedInputs: [],
    vjp: (dy, _, { axis }) => ({ value: () => tf.stack([dy].flat(), axis as number) }),
  },
  SplitV: {
    savedInputs: [],
    vjp: (dy, _, { axis }) => ({ x: () => tf.concat([dy].flat(), axis as number) }),
  },
  ScatterNd: {
    savedInputs: ['indices'],
    vjp: (dy, { indices }) => ({
      updates: () => tf.gatherND(dy, indices as tf.Tensor),
      indices: () => tf.zeros(indices.shape),
    }),
  },
};

function addCopies(dy: tf.Tensor, axis: number, copies: number, size: number): tf.Tensor {
  if (copies === 1) return dy;
  const [before, after] = [product(dy.shape.slice(0, axis)), product(dy.shape.slice(axis + 1))];
  const sum = tf.sum(tf.reshape(dy, [before, copies, size, after]), 1);
  return tf.reshape(sum, dy.shape.toSpliced(axis, 1, size));
}

function spaceToDepth(dy: tf.Tensor, x: tf.Tensor, block: number, dataFormat: string): tf.Tensor {
  const [n, a, b, c] = x.shape;
  if (dataFormat === 'NCHW') {
    const blocks = tf.reshape(dy, [n, a / block ** 2, b, block, c, block]);
    return tf.reshape(tf.transpose(blocks, [0, 3, 5, 1, 2, 4]), x.shape);
  }
  const blocks = tf.reshape(dy, [n, a, block, b, block, c / block ** 2]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), x.shape);
}

function sliceAlong(x: tf.Tensor, axis: number, start: number, size: number): tf.Tensor {
  const begin = x.shape.map((_, i) => (i === axis ? start : 0));
  return tf.slice(
    x,
    begin,
    x.shape.map((d, i) => (i === axis ? size : d)),
  );
}

const padAlong = (x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor =>
  tf.pad(
    x,
    x.shape.map((_, i) => (i === axis ? [before, after] : [0, 0])),
  );

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
