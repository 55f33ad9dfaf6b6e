// Arithmetic with broadcasting and the functions of one variable, each with its derivative written in Values.
import { broadcastTo, commonShape } from './broadcast';
import { constant, value, type Value } from './value';

type Operand = Value | number;

export const add = (a: Operand, b: Operand): Value =>
  binary(a, b, (u, v) => u + v, {
    da: (dy) => dy,
    db: (dy) => dy,
  });

export const sub = (a: Operand, b: Operand): Value =>
  binary(a, b, (u, v) => u - v, {
    da: (dy) => dy,
    db: (dy) => neg(dy),
  });

export const mul = (a: Operand, b: Operand): Value =>
  binary(a, b, (u, v) => u * v, {
    da: (dy, _a, b) => mul(dy, b),
    db: (dy, a) => mul(dy, a),
  });

export const div = (a: Operand, b: Operand): Value =>
  binary(a, b, (u, v) => u / v, {
    da: (dy, _a, b) => div(dy, b),
    db: (dy, a, b) => neg(div(mul(dy, a), square(b))), // d(a/b)/db = -a/b²
  });

export const neg = (x: Value): Value => mul(x, -1);
export const square = (x: Value): Value => mul(x, x);

export const exp = (x: Value): Value => unary(x, Math.exp, (y) => y);
export const log = (x: Value): Value => unary(x, Math.log, (_y, x) => div(1, x));
export const sqrt = (x: Value): Value => unary(x, Math.sqrt, (y) => div(0.5, y));
export const tanh = (x: Value): Value => unary(x, Math.tanh, (y) => sub(1, square(y)));

/** s(x) = 1 / (1 + e^-x); neither branch overflows. */
export const sigmoid = (x: Value): Value =>
  unary(
    x,
    (v) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v))),
    (y) => mul(y, sub(1, y)),
  );

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
export const softplus = (x: Value): Value =>
  unary(
    x,
    (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    (_y, x) => sigmoid(x),
  );

/** log s(x) = -softplus(-x). */
export const logSigmoid = (x: Value): Value => neg(softplus(neg(x)));

/** max(x, slope·x) for slope < 1; the derivative at 0 is the slope, and its own derivative is zero everywhere. */
export function leakyRelu(x: Value, slope: number): Value {
  const slopes = value(
    x.shape,
    x.data.map((v) => (v > 0 ? 1 : slope)),
  );
  return mul(x, slopes);
}

export const relu = (x: Value): Value => leakyRelu(x, 0);

/** x for x > 0, else e^x - 1. */
export const elu = (x: Value): Value => add(relu(x), sub(exp(neg(relu(neg(x)))), 1));

/** x·s(x). */
export const swish = (x: Value): Value => mul(x, sigmoid(x));

interface Pullbacks {
  readonly da: (dy: Value, a: Value, b: Value) => Value;
  readonly db: (dy: Value, a: Value, b: Value) => Value;
}

function binary(left: Operand, right: Operand, f: (u: number, v: number) => number, { da, db }: Pullbacks): Value {
  const a0 = typeof left === 'number' ? constant(left) : left;
  const b0 = typeof right === 'number' ? constant(right) : right;
  const shape = commonShape(a0.shape, b0.shape);
  const a = broadcastTo(a0, shape);
  const b = broadcastTo(b0, shape);
  const data = a.data.map((u, i) => f(u, b.data[i]));
  const edges = [];
  if (typeof left !== 'number') edges.push({ parent: a, pullback: (dy: Value) => da(dy, a, b) });
  if (typeof right !== 'number') edges.push({ parent: b, pullback: (dy: Value) => db(dy, a, b) });
  return value(shape, data, edges);
}

/** y = f(x) with dy/dx given in Values of y and x, so that it can be differentiated again. */
function unary(x: Value, f: (v: number) => number, derivative: (y: Value, x: Value) => Value): Value {
  const y: Value = value(x.shape, x.data.map(f), [{ parent: x, pullback: (dy) => mul(dy, derivative(y, x)) }]);
  return y;
}
