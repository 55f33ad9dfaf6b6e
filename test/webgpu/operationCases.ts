// Every operation of a graph on shapes of many kinds (odd, one, large, broadcast), or the reason why it is not among
// them.
import type { Attributes, DType, Op } from '../../src/engine/graph/ops';
import type { Shape } from '../../src/engine/graph/shapes';

/** An input; whole numbers are from 0 below `below`. */
export interface Operand {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: 'normal' | 'positive' | 'aboveOne' | 'within' | 'aboveZero' | { readonly below: number };
}

export interface OperationCase<K extends Op = Op> {
  readonly inputs: readonly Operand[];
  readonly attributes: Attributes[K];
}

export interface Untested {
  readonly reason: string;
}

type Rows = { readonly [K in Op]: readonly OperationCase<K>[] | Untested };

export const x = (...shape: number[]): Operand => ({ shape, dtype: 'float32', values: 'normal' });
export const positive = (...shape: number[]): Operand => ({ shape, dtype: 'float32', values: 'positive' });
const aboveOne = (...shape: number[]): Operand => ({ shape, dtype: 'float32', values: 'aboveOne' });
const within = (...shape: number[]): Operand => ({ shape, dtype: 'float32', values: 'within' });
const whole = (below: number, ...shape: number[]): Operand => ({ shape, dtype: 'int32', values: { below } });
const aboveZero = (...shape: number[]): Operand => ({ shape, dtype: 'int32', values: 'aboveZero' });
export const bool = (...shape: number[]): Operand => ({ shape, dtype: 'bool', values: { below: 2 } });
export const of = <A>(attributes: A, ...inputs: Operand[]): { inputs: Operand[]; attributes: A } => ({
  inputs,
  attributes,
});

/** Vectors of one, odd and many elements, and axes that are and are not multiples of 2, 3 and 4. */
const shapes = [[], [1], [3], [4], [1, 7], [5, 1], [3, 4], [6, 9], [2, 3, 5], [2, 1, 8], [3, 2, 2, 3], [1, 2, 3, 2, 2]];
/** Pairs of shapes that broadcast. */
const pairs = [
  ...shapes.map((shape) => [shape, shape]),
  ...shapes.map((shape) => [shape, []]),
  [[], [3, 4]],
  [[1], [3, 5]],
  [
    [3, 1],
    [2, 3, 4],
  ],
  [
    [2, 3, 6],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    [2, 3, 4],
    [2, 3, 1],
  ],
  [[8], [5, 8]],
  [
    [5, 6],
    [2, 5, 6],
  ],
  [
    [1, 3, 1],
    [5, 1, 4],
  ],
  [
    [1, 1, 1, 4],
    [2, 3, 4, 4],
  ],
  [
    [2, 3, 4, 1],
    [1, 1, 4, 3],
  ],
  [
    [7, 1, 1, 6],
    [1, 1, 5, 1],
  ],
];

type Elementwise = (...shape: number[]) => Operand;
const unaryWith = <A>(attributes: A, operand: Elementwise = x) => shapes.map((s) => of(attributes, operand(...s)));
const unary = (operand?: Elementwise) => unaryWith({}, operand);
const binary = (a: Elementwise = x, b: Elementwise = a) => pairs.map(([p, q]) => of({}, a(...p), b(...q)));
const wholes: Elementwise = (...shape) => whole(7, ...shape);
const truths: Elementwise = bool;

const reductions = [
  [[5], [0]],
  [[1], [0]],
  [[3, 4], [0]],
  [[3, 4], [1]],
  [
    [3, 4],
    [0, 1],
  ],
  [[6, 9], [0]],
  [[6, 9], [1]],
  [
    [2, 3, 5],
    [0, 2],
  ],
  [[2, 3, 5], [1]],
  [
    [2, 3, 4, 6],
    [0, 1, 2],
  ],
  [
    [2, 3, 4, 6],
    [1, 2],
  ],
  [[2, 1, 3], [1]],
  [
    [3, 1, 1],
    [1, 2],
  ],
  [[3, 1000], [1]],
  [[1025, 3], [0]],
  [[30, 33], [0]],
] as const;
const reduction = (operand: Elementwise = x) =>
  reductions.flatMap(([shape, axes]) => [true, false].map((keepDims) => of({ axes, keepDims }, operand(...shape))));
const alongAxis = (sizes: readonly number[][] = shapes.filter((s) => s.length > 0)) =>
  sizes.flatMap((shape) => shape.map((_, axis) => of({ axis }, x(...shape))));

const matrices = [
  [1, 1, 1],
  [1, 5, 3],
  [3, 1, 4],
  [6, 9, 12],
  [7, 8, 5],
  [30, 33, 3],
  [65, 31, 17],
  [32, 130, 64],
] as const;

interface SlidingCase {
  readonly space: readonly number[];
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
}
const windows: readonly SlidingCase[] = [
  { space: [7], kernel: [3], pads: [1, 1] },
  { space: [8], kernel: [4], strides: [2], pads: [1, 2] },
  { space: [5, 6], kernel: [1, 1] },
  { space: [5, 6], kernel: [1, 1], strides: [2, 2] },
  { space: [3, 3], kernel: [3, 3] },
  { space: [3, 4], kernel: [3, 4], pads: [0, 0, 1, 1] },
  { space: [3, 4], kernel: [1, 1], pads: [0, 0, 2, 1] },
  { space: [6, 7], kernel: [3, 2], pads: [1, 0, 1, 1] },
  { space: [6, 7], kernel: [4, 4], strides: [2, 2], pads: [1, 1, 1, 1] },
  { space: [6, 7], kernel: [2, 3], strides: [1, 3], dilations: [2, 1], pads: [1, 0, 1, 1] },
  // Without groups: TensorFlow.js has none with three spatial axes.
  { space: [4, 3, 5], kernel: [2, 2, 3], pads: [1, 0, 1, 0, 1, 1] },
  { space: [4, 4, 4], kernel: [3, 3, 3], strides: [2, 2, 1], pads: [1, 1, 1, 1, 1, 1] },
];
const channelCounts = [
  [1, 1, 1],
  [3, 4, 1],
  [6, 4, 1],
  [5, 7, 1],
  [9, 12, 1],
  [4, 4, 4],
  [2, 12, 2],
  [3, 15, 3],
  [2, 10, 2],
  [6, 3, 3],
  [8, 2, 2],
  [15, 3, 3],
  [12, 6, 3],
  [10, 4, 2],
] as const;
const sliding = channelCounts.flatMap(([channels, filters, group]) =>
  windows.flatMap(({ space, kernel, ...rest }) => {
    if (space.length === 3 && group > 1) return [];
    const ones = space.map(() => 1);
    const attributes = {
      strides: rest.strides ?? ones,
      dilations: rest.dilations ?? ones,
      pads: rest.pads ?? [...space, ...space].map(() => 0),
      group,
    };
    return { space, kernel, attributes, channels, filters };
  }),
);
const pools = [
  of({ kernel: [2], strides: [2], pads: [0, 0] }, x(2, 3, 7)),
  of({ kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }, x(2, 3, 6, 8)),
  of({ kernel: [3, 2], strides: [1, 2], pads: [0, 0, 0, 0] }, x(1, 6, 7, 5)),
  of({ kernel: [3, 3], strides: [3, 1], pads: [0, 0, 0, 0] }, x(3, 4, 7, 5)),
];
const paddedPools = [
  of({ kernel: [3, 2], strides: [1, 2], pads: [1, 1, 1, 0] }, x(1, 6, 7, 5)),
  of({ kernel: [3, 3], strides: [2, 2], pads: [1, 0, 1, 2] }, x(2, 5, 7, 5)),
];

const perms = [
  [1, 0],
  [0, 2, 1],
  [2, 0, 1],
  [2, 1, 0],
  [0, 3, 1, 2],
  [0, 2, 3, 1],
  [3, 2, 0, 1],
  [1, 0, 2, 3],
];
const sizes = [5, 6, 3, 4];

/** Every operation, so that a new one does not compile without its cases. */
export const operationCases: Rows = {
  Exp: unary(),
  Log: unary(positive),
  Sqrt: unary(positive),
  Reciprocal: unary(positive),
  Tanh: unary(),
  Softplus: unary(),
  Erf: unary(),
  Floor: unary(),
  Ceil: unary(),
  Round: unary(),
  Sin: unary(),
  Cos: unary(),
  Tan: unary(within),
  Asin: unary(within),
  Acos: unary(within),
  Atan: unary(),
  Sinh: unary(),
  Cosh: unary(),
  Asinh: unary(),
  Acosh: unary(aboveOne),
  Atanh: unary(within),
  Elu: unary(),
  Neg: unary(),
  Abs: unary(),
  Sign: unary(),
  Relu: unary(),
  Identity: unary(),
  Add: [...binary(), ...binary(wholes)],
  Sub: [...binary(), ...binary(wholes)],
  Mul: [...binary(), ...binary(wholes)],
  Div: binary(x, positive),
  Pow: binary(positive, x),
  Max: binary(),
  Min: binary(),
  Greater: [...binary(), ...binary(wholes)],
  GreaterOrEqual: binary(wholes),
  Less: binary(),
  LessOrEqual: binary(wholes),
  Equal: [...binary(wholes), ...binary()],
  And: binary(truths),
  Or: binary(truths),
  Xor: binary(truths),
  Where: [
    ...pairs.map(([p, q]) => of({}, bool(...p), x(...q), x(...p))),
    ...pairs.map(([p, q]) => of({}, bool(...p), x(...q), x())),
  ],
  IsNaN: unary(),
  IsInf: unary(),
  Not: unary(truths),
  MatMul: [
    ...matrices.map(([m, k, n]) => of({}, x(m, k), x(k, n))),
    ...matrices.map(([m, k, n]) => of({}, x(3, m, k), x(3, k, n))),
    ...matrices.slice(0, 7).map(([m, k, n]) => of({}, x(2, 1, m, k), x(3, k, n))),
  ],
  BitwiseAnd: binary(wholes),
  ReduceSum: reduction(),
  ReduceMean: reduction(),
  ReduceProd: reduction(within),
  ReduceMax: reduction(),
  ReduceMin: reduction(),
  ArgMax: alongAxis(),
  ArgMin: alongAxis(),
  Leaf: { reason: 'it is the input of every other case' },
  Constant: { reason: 'it computes nothing' },
  Fill: { reason: 'it computes nothing' },
  LeakyRelu: unaryWith({ alpha: 0.2 }),
  Selu: unaryWith({ alpha: 1.67, gamma: 1.05 }),
  Clip: unaryWith({ min: -0.5, max: 0.7 }),
  LeakyReluGrad: { reason: 'a pass lowers it' },
  Mod: [
    ...pairs.map(([p, q]) => of({ fmod: true }, x(...p), positive(...q))),
    ...pairs.map(([p, q]) => of({ fmod: false }, whole(50, ...p), aboveZero(...q))),
  ],
  Cast: [
    ...(['int32', 'bool', 'int64', 'float32'] as const).map((to) => of({ to }, x(3, 5))),
    ...(['float32', 'bool', 'int64'] as const).map((to) => of({ to }, whole(4, 3, 5))),
    ...(['float32', 'int32'] as const).map((to) => of({ to }, bool(7))),
  ],
  Reshape: [of({ shape: [6, 5] }, x(2, 3, 5)), of({ shape: [] }, x(1, 1)), of({ shape: [3, 1, 3] }, x(9))],
  Transpose: perms.map((perm) => of({ perm }, x(...sizes.slice(0, perm.length)))),
  Expand: pairs
    .map(([p, q]) => of({ shape: q.length > 0 ? q : [2, 3] }, x(...p)))
    .filter(({ inputs: [p], attributes }) =>
      p.shape.every((d, i) => d === 1 || d === attributes.shape[attributes.shape.length - p.shape.length + i]),
    ),
  Tile: [[3], [1, 2], [2, 1, 3], [1, 2, 1, 2]].map((repeats) => of({ repeats }, x(...sizes.slice(0, repeats.length)))),
  Concat: [
    of({ axis: 0 }, x(3, 5), x(1, 5), x(4, 5)),
    of({ axis: 1 }, x(3, 5), x(3, 1), x(3, 4)),
    of({ axis: 2 }, x(2, 3, 5), x(2, 3, 7)),
    of({ axis: 0 }, ...Array.from({ length: 40 }, (_, i) => x((i % 5) + 1))),
    of({ axis: 1 }, ...Array.from({ length: 40 }, (_, i) => x(3, (i % 5) + 1))),
    of({ axis: 1 }, ...Array.from({ length: 13 }, () => x(2, 4, 3))),
  ],
  Slice: [
    of({ starts: [1, 0], sizes: [3, 6], steps: [1, 1] }, x(5, 6)),
    of({ starts: [0, 1], sizes: [5, 3], steps: [1, 2] }, x(5, 6)),
    of({ starts: [4, 5], sizes: [5, 3], steps: [-1, -2] }, x(5, 6)),
    of({ starts: [0, 2, 0, 3], sizes: [5, 2, 3, 2], steps: [1, -1, 1, -3] }, x(5, 6, 3, 4)),
    of({ starts: [6], sizes: [1], steps: [1] }, x(7)),
    of({ starts: [5], sizes: [3], steps: [-1] }, x(7)),
    of({ starts: [1, 4, 0], sizes: [2, 2, 8], steps: [-1, -3, 1] }, x(3, 7, 8)),
  ],
  Split: [2, 7, 8, 12, 20, 60].flatMap((count) => {
    const parts = Array.from({ length: count }, (_, i) => (i % 4) + 1);
    const total = parts.reduce((a, b) => a + b);
    return [0, count >> 1, count - 1].map((at) => of({ sizes: parts, at }, x(total)));
  }),
  Pad: [
    of({ before: [1, 2], after: [0, 3], value: 0 }, x(3, 5)),
    of({ before: [0, 1, 0], after: [3, 0, 1], value: -0.5 }, x(2, 3, 5)),
    of({ before: [0, 1, 2, 0], after: [0, 1, 0, 1], value: 0 }, x(2, 3, 5, 6)),
    of({ before: [2], after: [3], value: 1 }, x(1)),
  ],
  Gather: [0, 1, 2].flatMap((axis) => [
    of({ axis }, x(5, 6, 3), whole(3, 4)),
    of({ axis }, x(7, 5, 4), whole(4, 2, 3)),
    of({ axis }, x(3, 3, 9), whole(3)),
  ]),
  ScatterND: (['none', 'add'] as const).flatMap((reduction) => [
    of({ reduction }, x(5, 3), { shape: [1, 1], dtype: 'int64' as const, values: { below: 5 } }, x(1, 3)),
    ...(reduction === 'add'
      ? [of({ reduction }, x(5, 4), { shape: [7, 1], dtype: 'int64' as const, values: { below: 5 } }, x(7, 4))]
      : []),
  ]),
  TopK: [1, 3, 7].map((k) => of({ k }, x(4, 7))),
  TopKIndices: [1, 3, 7].map((k) => of({ k }, x(4, 7))),
  Einsum: [
    of({ equation: 'ij,jk->ik' }, x(3, 5), x(5, 6)),
    of({ equation: 'bij,bjk->bik' }, x(2, 3, 5), x(2, 5, 6)),
    of({ equation: 'ij,kj->' }, x(3, 5), x(4, 5)),
    of({ equation: 'ijk->kj' }, x(3, 5, 2)),
  ],
  CumSum: [0, 1, 2].flatMap((axis) =>
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([exclusive, reverse]) => of({ axis, exclusive, reverse }, x(5, 6, 3))),
  ),
  Softmax: alongAxis(),
  LogSoftmax: alongAxis(),
  Gemm: [false, true].flatMap((transA) =>
    [false, true].flatMap((transB) =>
      matrices.map(([m, k, n], i) => {
        const [a, b] = [transA ? x(k, m) : x(m, k), transB ? x(n, k) : x(k, n)];
        return of({ transA, transB }, a, b, ...[[], [x(n)], [x(m, n)]][i % 3]);
      }),
    ),
  ),
  Conv2D: { reason: 'a pass lowers it' },
  Conv2DInputGradient: { reason: 'a pass lowers it' },
  Conv2DFilterGradient: { reason: 'a pass lowers it' },
  Conv: sliding.map(({ space, kernel, attributes, channels, filters }) =>
    of(attributes, x(3, channels, ...space), x(filters, channels / attributes.group, ...kernel)),
  ),
  ConvTranspose: sliding
    .filter(({ attributes }) => attributes.dilations.every((d) => d === 1))
    .map(({ space, kernel, attributes, channels, filters }, i) =>
      of(
        { ...attributes, outputPadding: space.map((_, axis) => (i % 3 === 0 ? attributes.strides[axis] - 1 : 0)) },
        x(3, channels, ...space),
        x(channels, filters / attributes.group, ...kernel),
      ),
    ),
  MaxPool: [...pools, ...paddedPools],
  AveragePool: pools,
};

export const isUntested = (row: Rows[Op]): row is Untested => 'reason' in row;
