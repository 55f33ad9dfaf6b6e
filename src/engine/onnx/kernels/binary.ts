// Binary elementwise kernels with broadcasting, and Select.
import { broadcast, cast, float, make, reshape, scalar, wider, type DType, type Lowering, type Node } from './kernel';

type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'Pow';
type Comparison = 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'Equal';

/** ONNX has no arithmetic on bool: it is done in int32. */
function compute(op: Arithmetic, a: Node, b: Node): Node {
  const dtype = wider(a.dtype, b.dtype);
  const via: DType = dtype === 'bool' ? 'int32' : dtype;
  return cast(make(op, [cast(a, via), cast(b, via)], {}), dtype);
}

const arithmetic =
  (op: Arithmetic): Lowering =>
  ({ a, b }) =>
    compute(op, a, b);

export const Add = arithmetic('Add');
export const Sub = arithmetic('Sub');
export const Multiply = arithmetic('Mul');
export const Maximum = arithmetic('Max');
export const Minimum = arithmetic('Min');

export const RealDiv: Lowering = ({ a, b }) => make('Div', [float(a), float(b)], {});

const int = (value: number): Node => scalar(value, 'int32');

/**
 * Floor division and the remainder with the sign of the divisor; both are 0 for a divisor of 0. Division by 0, and of
 * the smallest integer by -1, would crash the process, so ONNX Runtime never gets these divisors.
 */
function divide(a: Node, b: Node): { readonly quotient: Node; readonly remainder: Node } {
  const equals = (v: number): Node => make('Equal', [b, int(v)], {});
  const negative = (v: Node): Node => make('Less', [v, int(0)], {});
  const [byZero, byMinusOne] = [equals(0), equals(-1)];
  const divisor = make('Where', [make('Or', [byZero, byMinusOne], {}), int(1), b], {});
  const truncated = make('Div', [a, divisor], {});
  const truncatedRemainder = make('Sub', [a, make('Mul', [truncated, divisor], {})], {});
  const uneven = make('Not', [make('Equal', [truncatedRemainder, int(0)], {})], {});
  const below = make('And', [uneven, make('Xor', [negative(truncatedRemainder), negative(divisor)], {})], {});
  const floored = make('Sub', [truncated, cast(below, 'int32')], {});
  const signed = make('Where', [byMinusOne, make('Neg', [floored], {}), floored], {});
  return {
    quotient: make('Where', [byZero, int(0), signed], {}),
    remainder: make('Where', [below, make('Add', [truncatedRemainder, divisor], {}), truncatedRemainder], {}),
  };
}

const areIntegers = (a: Node, b: Node): boolean => a.dtype !== 'float32' && b.dtype !== 'float32';

export const FloorDiv: Lowering = ({ a, b }) =>
  areIntegers(a, b)
    ? divide(cast(a, 'int32'), cast(b, 'int32')).quotient
    : cast(make('Floor', [make('Div', [float(a), float(b)], {})], {}), 'int32');

/** The remainder with the sign of the divisor. */
export const Mod: Lowering = ({ a, b }) => {
  if (areIntegers(a, b)) return cast(divide(cast(a, 'int32'), cast(b, 'int32')).remainder, wider(a.dtype, b.dtype));
  const [x, y] = [float(a), float(b)];
  const remainder = make('Mod', [x, y], { fmod: true });
  const shifted = make('Mod', [make('Add', [remainder, y], {}), y], { fmod: true });
  const negative = (v: Node): Node => make('Less', [v, scalar(0)], {});
  return make('Where', [make('Xor', [negative(x), negative(y)], {}), shifted, remainder], {});
};

/** Integers to a negative power are computed in float32 and truncated. */
export const Pow: Lowering = ({ a, b }) => {
  if (!areIntegers(a, b)) return compute('Pow', a, b);
  const [x, n] = [cast(a, 'int32'), cast(b, 'int32')];
  const fraction = cast(make('Pow', [float(x), float(n)], {}), 'int32');
  const power = make('Pow', [x, make('Max', [n, int(0)], {})], {});
  return cast(make('Where', [make('Less', [n, int(0)], {}), fraction, power], {}), wider(a.dtype, b.dtype));
};

/** |y / x|, with 1 for two infinities and 0 for two zeros, so that only NaN gives NaN. */
function absoluteRatio(y: Node, x: Node): Node {
  const both = (f: (v: Node) => Node): Node => make('And', [f(y), f(x)], {});
  const zeros = both((v) => make('Equal', [v, scalar(0)], {}));
  const infinite = both((v) => make('IsInf', [v], {}));
  const quotient = make('Abs', [make('Div', [y, x], {})], {});
  return make('Where', [zeros, scalar(0), make('Where', [infinite, scalar(1), quotient], {})], {});
}

/** x < 0, or x is -0. */
const signed = (x: Node): Node =>
  make('Less', [make('Where', [make('Equal', [x, scalar(0)], {}), make('Reciprocal', [x], {}), x], {}), scalar(0)], {});

/** The angle of the point (x, y), between -π and π. */
export const Atan2: Lowering = ({ a, b }) => {
  const [y, x] = [cast(a, 'float32'), cast(b, 'float32')];
  const acute = make('Atan', [absoluteRatio(y, x)], {});
  const above = make('Where', [signed(x), make('Sub', [scalar(Math.PI), acute], {}), acute], {});
  return cast(make('Where', [signed(y), make('Neg', [above], {}), above], {}), wider(a.dtype, b.dtype));
};

export const BitwiseAnd: Lowering = ({ a, b }) => make('BitwiseAnd', [a, b], {});

export const SquaredDifference: Lowering = ({ a, b }) => {
  const d = compute('Sub', a, b);
  return compute('Mul', d, d);
};

export const AddN: Lowering = (inputs) => Object.values(inputs).reduce((sum, x) => compute('Add', sum, x));

function compare(op: Comparison, a: Node, b: Node): Node {
  const dtype = wider(a.dtype, b.dtype);
  const via: DType = dtype === 'bool' ? 'int32' : dtype;
  return make(op, [cast(a, via), cast(b, via)], {});
}

const comparison =
  (op: Comparison): Lowering =>
  ({ a, b }) =>
    compare(op, a, b);

export const Greater = comparison('Greater');
export const GreaterEqual = comparison('GreaterOrEqual');
export const Less = comparison('Less');
export const LessEqual = comparison('LessOrEqual');
export const Equal = comparison('Equal');
export const NotEqual: Lowering = ({ a, b }) => make('Not', [compare('Equal', a, b)], {});

const logical =
  (op: 'And' | 'Or' | 'Xor'): Lowering =>
  ({ a, b }) =>
    make(op, [cast(a, 'bool'), cast(b, 'bool')], {});

export const LogicalAnd = logical('And');
export const LogicalOr = logical('Or');
export const LogicalXor = logical('Xor');
export const LogicalNot: Lowering = ({ x }) => make('Not', [cast(x, 'bool')], {});

/** condition ? t : e. A condition of rank 1 selects rows. ONNX Runtime does not support bool values here. */
export const Select: Lowering = ({ condition, t, e }) => {
  const rows = condition.shape.length === 1 && t.shape.length > 1;
  const chosen = rows ? reshape(condition, [condition.shape[0], ...t.shape.slice(1).map(() => 1)]) : condition;
  const dtype = wider(t.dtype, e.dtype);
  const via: DType = dtype === 'bool' ? 'int32' : dtype;
  broadcast(chosen.shape, t.shape);
  return cast(make('Where', [cast(chosen, 'bool'), cast(t, via), cast(e, via)], {}), dtype);
};
