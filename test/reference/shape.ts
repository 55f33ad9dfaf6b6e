// Reshaping, and sums and means over axes.
import { sumTo } from './broadcast';
import { mul } from './elementwise';
import { sameShape, value, type Shape, type Value } from './value';

export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  return value(shape, x.data, [{ parent: x, pullback: (dy) => reshape(dy, x.shape) }]);
}

/** The sum over `axes` (default: all), which are dropped or kept with length 1. */
export function sum(x: Value, axes: readonly number[] = x.shape.map((_, axis) => axis), keep = false): Value {
  const ones = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const kept = sumTo(x, ones);
  return keep
    ? kept
    : reshape(
        kept,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

/** The mean over `axes` (default: all), which are dropped or kept with length 1. */
export function mean(x: Value, axes?: readonly number[], keep = false): Value {
  const total = sum(x, axes, keep);
  return mul(total, total.data.length / x.data.length);
}
