// Kernels that depend on the order of elements along an axis: cumulative sums and products, top-k and search.
import type * as tf from '@tensorflow/tfjs-core';
import { axesOf, cast, make, pad, reshape, slice, wider, type Lowering, type Node } from './kernel';

const number = (x: Node): Node => (x.dtype === 'bool' ? cast(x, 'int32') : x);

export const Cumsum: Lowering<tf.CumsumAttrs> = ({ x }, { axis, exclusive, reverse }) =>
  make('CumSum', [number(x)], { axis: axesOf(axis, x.shape.length)[0], exclusive, reverse });

/** x shifted by `distance` elements along an axis, padded with ones; backward if the distance is negative. */
function shifted(x: Node, axis: number, distance: number): Node {
  const at = (n: number): number[] => x.shape.map((_, i) => (i === axis ? n : 0));
  const [forward, backward] = [Math.max(0, distance), Math.max(0, -distance)];
  return slice(pad(x, at(forward), at(backward), 1), at(backward), x.shape);
}

/** ONNX has no cumulative product. After step k, every element is the product of the last 2^k. */
export const Cumprod: Lowering<tf.CumprodAttrs> = ({ x }, { axis, exclusive, reverse }) => {
  const along = axesOf(axis, x.shape.length)[0];
  const direction = reverse ? -1 : 1;
  let y = exclusive ? shifted(number(x), along, direction) : number(x);
  for (let reach = 1; reach < x.shape[along]; reach *= 2) {
    y = make('Mul', [y, shifted(y, along, direction * reach)], {});
  }
  return cast(y, wider(x.dtype, 'int32'));
};

/** The k largest values along the last axis and their indices; of equal values, the first. */
export const TopK: Lowering<tf.TopKAttrs> = ({ x }, { k }) => {
  const values = number(x);
  return [cast(make('TopK', [values], { k }), x.dtype), cast(make('TopKIndices', [values], { k }), 'int32')];
};

/**
 * Where each value would be put into its sorted row: behind those that are smaller, on the right also behind its
 * equals.
 */
export const SearchSorted: Lowering<tf.SearchSortedAttrs> = ({ sortedSequence, values }, { side }) => {
  const [rows, n] = sortedSequence.shape;
  const dtype = wider(wider(sortedSequence.dtype, values.dtype), 'int32');
  const sorted = reshape(cast(sortedSequence, dtype), [rows, 1, n]);
  const wanted = reshape(cast(values, dtype), [rows, values.shape[1], 1]);
  const before = make(side === 'left' ? 'Less' : 'LessOrEqual', [sorted, wanted], {});
  return make('ReduceSum', [cast(before, 'int32')], { axes: [2], keepDims: false });
};
