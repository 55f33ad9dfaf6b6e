// The oracle's only data structure: a float64 array with the computation that produced it.

export type Shape = readonly number[];

/** One input of a computation and its vector-Jacobian product: from dL/d(output) to dL/d(parent), itself a Value. */
export interface Edge {
  readonly parent: Value;
  readonly pullback: (dy: Value) => Value;
}

/** A row-major array of `shape`. Parents are always older: `order` grows with every Value made. */
export interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly edges: readonly Edge[];
  readonly order: number;
}

let made = 0;

export function value(shape: Shape, data: Float64Array, edges: readonly Edge[] = []): Value {
  assert(data.length === sizeOf(shape), () => `${data.length} numbers do not fill [${shape}]`);
  return { shape, data, edges, order: made++ };
}

/** A leaf: copies `data` to float64. Without a shape, a vector or a scalar. */
export function constant(data: number | ArrayLike<number>, shape?: Shape): Value {
  if (typeof data === 'number') return value(shape ?? [], new Float64Array(sizeOf(shape ?? [])).fill(data));
  return value(shape ?? [data.length], Float64Array.from(data));
}

/** The same numbers as a constant: no gradient flows through it. */
export function detach(x: Value): Value {
  return value(x.shape, x.data);
}

/** The number in a Value of one element. */
export function scalar(x: Value): number {
  assert(x.data.length === 1, () => `[${x.shape}] is not one number`);
  return x.data[0];
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

export function assert(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Error(`reference: ${text()}`);
}
