// Broadcasting by NumPy's rule (shapes aligned at the last axis, length 1 repeats), and its adjoint, a sum.
import { assert, sameShape, sizeOf, value, type Shape, type Value } from './value';

/** Repeats x along axes of length 1 (and new leading axes) until it has `shape`. */
export function broadcastTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const from = sources(x.shape, shape);
  const data = Float64Array.from(from, (i) => x.data[i]);
  return value(shape, data, [{ parent: x, pullback: (dy) => sumTo(dy, x.shape) }]);
}

/** Sums x over the axes along which `shape` would be repeated to give x's shape. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const to = sources(shape, x.shape);
  const data = new Float64Array(sizeOf(shape));
  to.forEach((j, i) => (data[j] += x.data[i]));
  return value(shape, data, [{ parent: x, pullback: (dy) => broadcastTo(dy, x.shape) }]);
}

/** The shape to which both can be broadcast. */
export function commonShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    assert(m === n || m === 1 || n === 1, () => `[${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}

/** For every element of the large shape, the index of the element of the small one that it repeats. */
function sources(small: Shape, large: Shape): Int32Array {
  assert(sameShape(commonShape(small, large), large), () => `[${small}] does not broadcast to [${large}]`);
  const strides = new Array<number>(large.length).fill(0);
  for (let axis = small.length - 1, stride = 1; axis >= 0; stride *= small[axis--])
    if (small[axis] !== 1) strides[axis - small.length + large.length] = stride;
  const index = new Int32Array(sizeOf(large));
  for (let i = 0; i < index.length; i++)
    for (let axis = large.length - 1, rest = i; axis >= 0; rest = Math.floor(rest / large[axis--]))
      index[i] += (rest % large[axis]) * strides[axis];
  return index;
}
