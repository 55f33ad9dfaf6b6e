// The operations of a graph: a closed union, each with its attributes and its rule for shape and dtype. They are
// ONNX's, but small integer tensors (shapes, axes, pads) are attributes here. Convolutions in TensorFlow's layout and
// LeakyReluGrad are lowered by a pass.
import { broadcast, sameShape, sizeOf, type Shape } from './shapes';

export type DType = 'float32' | 'int32' | 'bool' | 'int64';
export type Values = Float32Array | Int32Array | Uint8Array | BigInt64Array;

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A 2D convolution x [N,H,W,C] * filter [kh,kw,C,F] -> y [N,oh,ow,F], and its two gradients. */
export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  /** [top, left, bottom, right]; bottom and right may be negative if the last rows or columns are unused. */
  readonly pads: readonly [number, number, number, number];
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A convolution over [N, C, ...space]; `pads` lists the start of all axes, then the end of all axes. */
interface Sliding {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  /** Number of independent groups of channels and filters; default 1. */
  readonly group?: number;
}

interface Pooling {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
}

/** An activation with its parameters. */
export interface FusedActivation {
  readonly op: 'Relu' | 'LeakyRelu' | 'Elu' | 'Selu' | 'Softplus' | 'Tanh';
  readonly alpha?: number;
  readonly gamma?: number;
}

type None = Readonly<Record<string, never>>;

const unaryFloat = [
  ...(['Exp', 'Log', 'Sqrt', 'Reciprocal', 'Tanh', 'Softplus', 'Erf', 'Floor', 'Ceil', 'Round'] as const),
  ...(['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Elu'] as const),
];
type UnaryFloat = (typeof unaryFloat)[number];
type UnaryAny = 'Neg' | 'Abs' | 'Sign' | 'Relu' | 'Identity';
type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min';
type Comparison = 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'Equal';
type Logical = 'And' | 'Or' | 'Xor';
type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceProd' | 'ReduceMax' | 'ReduceMin';

/** The attributes of each operation. */
export type Attributes = Record<UnaryFloat | UnaryAny | Arithmetic | Comparison | Logical | 'Where', None> &
  Record<'IsNaN' | 'IsInf' | 'Not' | 'MatMul' | 'BitwiseAnd', None> &
  Record<Reduction, { readonly axes: readonly number[]; readonly keepDims: boolean }> &
  Record<'ArgMax' | 'ArgMin', { readonly axis: number }> & {
    /** A tensor from outside of the graph: an input of a step, a state variable or a known value. */
    Leaf: TensorType & { readonly name: string };
    /** Values known at compile time. */
    Constant: TensorType & { readonly values: Values };
    /** A tensor filled with one value. */
    Fill: TensorType & { readonly value: number };
    LeakyRelu: { readonly alpha: number };
    Selu: { readonly alpha: number; readonly gamma: number };
    Clip: { readonly min: number; readonly max: number };
    /** 1 where x > 0, else `alpha`: the derivative of (leaky) ReLU. */
    LeakyReluGrad: { readonly alpha: number };
    Mod: { readonly fmod: boolean };
    Cast: { readonly to: DType };
    Reshape: { readonly shape: Shape };
    Transpose: { readonly perm: readonly number[] };
    Expand: { readonly shape: Shape };
    Tile: { readonly repeats: readonly number[] };
    Concat: { readonly axis: number };
    Slice: {
      readonly starts: readonly number[];
      readonly sizes: readonly number[];
      readonly steps: readonly number[];
    };
    /** Output number `at` of splitting a vector into parts of the given sizes. */
    Split: { readonly sizes: readonly number[]; readonly at: number };
    Pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number };
    Gather: { readonly axis: number };
    /** data [rows, ...] with updates [n, ...] written, or added, at the rows of index [n, 1]. */
    ScatterND: { readonly reduction: 'none' | 'add' };
    /** The k largest values along the last axis, in descending order. */
    TopK: { readonly k: number };
    /** The indices of these values. */
    TopKIndices: { readonly k: number };
    /** Sums of products in Einstein notation, with an explicit result ("ij,jk->ik"). */
    Einsum: { readonly equation: string };
    CumSum: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
    Softmax: { readonly axis: number };
    LogSoftmax: { readonly axis: number };
    Gemm: {
      readonly transA: boolean;
      readonly transB: boolean;
      /** Applied to the result: not in ONNX, but an operation of ONNX Runtime. */
      readonly activation?: FusedActivation;
    };
    Conv2D: { readonly geometry: Geometry };
    Conv2DInputGradient: { readonly geometry: Geometry };
    Conv2DFilterGradient: { readonly geometry: Geometry };
    Conv: Sliding;
    ConvTranspose: Sliding & { readonly outputPadding: readonly number[] };
    MaxPool: Pooling;
    /** The mean over the elements of a window, without padding. */
    AveragePool: Pooling;
  };

export type Op = keyof Attributes;

type Rule<K extends Op> = (inputs: readonly TensorType[], attributes: Attributes[K]) => TensorType;

const check = (condition: boolean, message: () => string): void => {
  if (!condition) throw new Error(message());
};
const describe = (inputs: readonly TensorType[]): string => inputs.map((t) => `${t.dtype}[${t.shape}]`).join(', ');
const of = (shape: Shape, dtype: DType): TensorType => ({ shape, dtype });

const sameAsInput = ([x]: readonly TensorType[]): TensorType => of(x.shape, x.dtype);
const float = ([x]: readonly TensorType[]): TensorType => {
  check(x.dtype === 'float32', () => `needs float32, got ${x.dtype}`);
  return of(x.shape, 'float32');
};
const arithmetic = (inputs: readonly TensorType[]): TensorType => {
  const [a, b] = inputs;
  check(a.dtype === b.dtype && a.dtype !== 'bool', () => `needs two numbers of one dtype, got ${describe(inputs)}`);
  return of(broadcast(a.shape, b.shape), a.dtype);
};
const comparison = (inputs: readonly TensorType[]): TensorType => of(arithmetic(inputs).shape, 'bool');
const logical = (inputs: readonly TensorType[]): TensorType => {
  check(
    inputs.every((t) => t.dtype === 'bool'),
    () => `needs bool, got ${describe(inputs)}`,
  );
  return of(broadcast(...inputs.map((t) => t.shape)), 'bool');
};
const reduced = (shape: Shape, axes: readonly number[], keepDims: boolean): number[] =>
  keepDims ? shape.map((d, i) => (axes.includes(i) ? 1 : d)) : shape.filter((_, i) => !axes.includes(i));
const reduction = ([x]: readonly TensorType[], { axes, keepDims }: Attributes[Reduction]): TensorType => {
  check(x.dtype !== 'bool', () => 'cannot reduce bool');
  check(axes.length > 0 && axes.every((a) => a >= 0 && a < x.shape.length), () => `axes [${axes}] of [${x.shape}]`);
  return of(reduced(x.shape, axes, keepDims), x.dtype);
};
const matrix = (shape: Shape, transposed: boolean): [number, number] =>
  transposed ? [shape[1], shape[0]] : [shape[0], shape[1]];
const imageShape = (g: Geometry): Shape => [g.batch, g.height, g.width, g.channels];
const outputShape = (g: Geometry): Shape => [g.batch, g.outHeight, g.outWidth, g.filters];
const filterShape = (g: Geometry): Shape => [...g.kernel, g.channels, g.filters];
const convolution =
  (a: (g: Geometry) => Shape, b: (g: Geometry) => Shape, result: (g: Geometry) => Shape) =>
  (inputs: readonly TensorType[], { geometry: g }: Attributes['Conv2D']): TensorType => {
    check(sameShape(inputs[0].shape, a(g)) && sameShape(inputs[1].shape, b(g)), () => `got ${describe(inputs)}`);
    return of(result(g), 'float32');
  };
const windowCounts = (space: Shape, reach: Shape, strides: Shape, pads: Shape): number[] =>
  space.map((d, i) => Math.floor((d + pads[i] + pads[i + space.length] - reach[i]) / strides[i]) + 1);
const pooling = (inputs: readonly TensorType[], { kernel, strides, pads }: Pooling): TensorType => {
  const [n, c, ...space] = float(inputs).shape;
  const inside = kernel.every((k, i) => pads[i] < k && pads[i + kernel.length] < k);
  check(inside && kernel.length === space.length, () => `windows [${kernel}], pads [${pads}] of ${describe(inputs)}`);
  return of([n, c, ...windowCounts(space, kernel, strides, pads)], 'float32');
};

function table<K extends Op>(ops: readonly K[], rule: Rule<K>): { [P in K]: Rule<P> } {
  return Object.fromEntries(ops.map((op) => [op, rule])) as unknown as { [P in K]: Rule<P> };
}

/** Shape and dtype of the result of each operation; throws if the inputs do not fit. */
export const rules: { readonly [K in Op]: Rule<K> } = {
  ...table(unaryFloat, float),
  ...table(['Neg', 'Abs', 'Sign', 'Relu', 'Identity'], sameAsInput),
  ...table(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min'], arithmetic),
  ...table(['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'], comparison),
  ...table(['And', 'Or', 'Xor', 'Not'], logical),
  ...table(['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin'], reduction),
  ...table(['Softmax', 'LogSoftmax', 'LeakyRelu', 'Selu', 'LeakyReluGrad'] as const, float as Rule<Op>),
  Leaf: (_, { shape, dtype }) => of(shape, dtype),
  Constant: (_, { shape, dtype, values }) => {
    check(values.length === sizeOf(shape), () => `${values.length} values for [${shape}]`);
    return of(shape, dtype);
  },
  Fill: (_, { shape, dtype }) => of(shape, dtype),
  IsNaN: (inputs) => of(float(inputs).shape, 'bool'),
  IsInf: (inputs) => of(float(inputs).shape, 'bool'),
  Where: ([c, t, e]) => {
    check(c.dtype === 'bool' && t.dtype === e.dtype, () => `got ${describe([c, t, e])}`);
    return of(broadcast(c.shape, t.shape, e.shape), t.dtype);
  },
  Clip: sameAsInput,
  Mod: arithmetic,
  Cast: ([x], { to }) => of(x.shape, to),
  Reshape: ([x], { shape }) => {
    check(sizeOf(x.shape) === sizeOf(shape), () => `[${x.shape}] into [${shape}]`);
    return of(shape, x.dtype);
  },
  Transpose: ([x], { perm }) => {
    check(
      [...perm].sort((a, b) => a - b).join() === x.shape.map((_, i) => i).join(),
      () => `[${perm}] of [${x.shape}]`,
    );
    return of(
      perm.map((p) => x.shape[p]),
      x.dtype,
    );
  },
  Expand: ([x], { shape }) => of(broadcast(x.shape, shape), x.dtype),
  Tile: ([x], { repeats }) => {
    check(repeats.length === x.shape.length, () => `repeats [${repeats}] of [${x.shape}]`);
    return of(
      x.shape.map((d, i) => d * repeats[i]),
      x.dtype,
    );
  },
  Concat: (inputs, { axis }) => {
    const [first] = inputs;
    const fits = (t: TensorType) =>
      t.dtype === first.dtype &&
      t.shape.length === first.shape.length &&
      t.shape.every((d, i) => i === axis || d === first.shape[i]);
    check(inputs.every(fits), () => `got ${describe(inputs)} along ${axis}`);
    const total = inputs.reduce((sum, t) => sum + t.shape[axis], 0);
    return of(
      first.shape.map((d, i) => (i === axis ? total : d)),
      first.dtype,
    );
  },
  Slice: ([x], { starts, sizes }) => {
    check(starts.length === x.shape.length && sizes.length === x.shape.length, () => `[${starts}] of [${x.shape}]`);
    return of(sizes, x.dtype);
  },
  Split: ([x], { sizes, at }) => {
    const total = sizes.reduce((a, b) => a + b, 0);
    check(sameShape(x.shape, [total]), () => `parts of ${total} of [${x.shape}]`);
    return of([sizes[at]], x.dtype);
  },
  Pad: ([x], { before, after }) =>
    of(
      x.shape.map((d, i) => d + before[i] + after[i]),
      x.dtype,
    ),
  Gather: ([x, indices], { axis }) =>
    of([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype),
  ScatterND: (inputs) => {
    const [data, index, updates] = inputs;
    const rows = [index.shape[0], ...data.shape.slice(1)];
    const fits = index.dtype === 'int64' && index.shape[1] === 1 && sameShape(updates.shape, rows);
    check(fits && data.dtype === updates.dtype, () => `got ${describe(inputs)}`);
    return of(data.shape, data.dtype);
  },
  TopK: ([x], { k }) => of(x.shape.with(-1, k), x.dtype),
  TopKIndices: ([x], { k }) => of(x.shape.with(-1, k), 'int64'),
  Einsum: (inputs, { equation }) => {
    const [terms, result] = equation.split('->');
    const sizes = new Map<string, number>();
    terms.split(',').forEach((term, i) =>
      [...term].forEach((index, axis) => {
        const size = inputs[i].shape[axis];
        check((sizes.get(index) ?? size) === size, () => `index ${index} of ${equation} in ${describe(inputs)}`);
        sizes.set(index, size);
      }),
    );
    return of(
      [...result].map((index) => sizes.get(index)!),
      inputs[0].dtype,
    );
  },
  BitwiseAnd: (inputs) => {
    check(
      inputs.every((t) => t.dtype === 'int32'),
      () => `needs int32, got ${describe(inputs)}`,
    );
    return arithmetic(inputs);
  },
  CumSum: sameAsInput,
  ArgMax: ([x], { axis }) => of(reduced(x.shape, [axis], false), 'int64'),
  ArgMin: ([x], { axis }) => of(reduced(x.shape, [axis], false), 'int64'),
  MatMul: (inputs) => {
    const [a, b] = inputs;
    check(a.shape.at(-1) === b.shape.at(-2), () => `got ${describe(inputs)}`);
    return of([...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), a.shape.at(-2)!, b.shape.at(-1)!], a.dtype);
  },
  Gemm: (inputs, { transA, transB }) => {
    const [[m, k], [k2, n]] = [matrix(inputs[0].shape, transA), matrix(inputs[1].shape, transB)];
    check(k === k2 && inputs.every((t) => t.dtype === 'float32'), () => `got ${describe(inputs)}`);
    return of([m, n], 'float32');
  },
  Conv2D: convolution(imageShape, filterShape, outputShape),
  Conv2DInputGradient: convolution(outputShape, filterShape, imageShape),
  Conv2DFilterGradient: convolution(imageShape, outputShape, filterShape),
  Conv: ([x, w], { strides, dilations, pads, group = 1 }) => {
    const [n, c, ...space] = x.shape;
    check(w.shape[1] * group === c && w.shape[0] % group === 0, () => `${describe([x, w])} in ${group} groups`);
    const reach = dilations.map((d, i) => (w.shape[i + 2] - 1) * d + 1);
    return of([n, w.shape[0], ...windowCounts(space, reach, strides, pads)], 'float32');
  },
  ConvTranspose: ([x, w], { strides, dilations, pads, outputPadding, group = 1 }) => {
    const [n, c, ...space] = x.shape;
    check(w.shape[0] === c && c % group === 0, () => `${describe([x, w])} in ${group} groups`);
    const out = space.map((d, i) => {
      const reach = (w.shape[i + 2] - 1) * dilations[i] + 1;
      return (d - 1) * strides[i] + reach + outputPadding[i] - pads[i] - pads[i + space.length];
    });
    return of([n, w.shape[1] * group, ...out], 'float32');
  },
  MaxPool: pooling,
  AveragePool: pooling,
};
