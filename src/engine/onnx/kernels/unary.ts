// Unary elementwise kernels.
import type * as tf from '@tensorflow/tfjs-core';
import { cast, float, make, scalar, type DType, type Inputs, type Lowering, type Node } from './kernel';

/** An operation on float32. Integers are converted to it, and the result is truncated, as in TensorFlow.js. */
const unary =
  (f: (x: Node) => Node, dtype?: DType) =>
  ({ x }: Inputs): Node =>
    cast(f(float(x)), dtype ?? x.dtype);

const Op = (
  op:
    | 'Sqrt'
    | 'Log'
    | 'Sin'
    | 'Cos'
    | 'Tan'
    | 'Asin'
    | 'Acos'
    | 'Atan'
    | 'Sinh'
    | 'Cosh'
    | 'Asinh'
    | 'Acosh'
    | 'Atanh'
    | 'Tanh'
    | 'Erf'
    | 'Softplus'
    | 'Elu'
    | 'Reciprocal',
) => unary((x) => make(op, [x], {}));

export const Sqrt = Op('Sqrt');
export const Log = Op('Log');
export const Sin = Op('Sin');
export const Cos = Op('Cos');
export const Tan = Op('Tan');
export const Asin = Op('Asin');
export const Acos = Op('Acos');
export const Atan = Op('Atan');
export const Sinh = Op('Sinh');
export const Cosh = Op('Cosh');
export const Asinh = Op('Asinh');
export const Acosh = Op('Acosh');
export const Atanh = Op('Atanh');
export const Tanh = Op('Tanh');

/**
 * eˣ/(1 + eˣ), with x clamped to avoid overflow. ONNX Runtime's Sigmoid is 0 below -18, so its logarithm would be -∞.
 */
export const Sigmoid = unary((x) => {
  const power = make('Exp', [make('Min', [x, scalar(88)], {})], {});
  return make('Div', [power, make('Add', [power, scalar(1)], {})], {});
});

const rounding =
  (op: 'Floor' | 'Ceil' | 'Round'): Lowering =>
  ({ x }) =>
    x.dtype === 'float32' ? make(op, [x], {}) : x;

export const Floor = rounding('Floor');
export const Ceil = rounding('Ceil');
export const Round = rounding('Round');
export const Erf = Op('Erf');
export const Softplus = Op('Softplus');
export const Elu = Op('Elu');
export const Reciprocal = Op('Reciprocal');
export const Exp = unary((x) => make('Exp', [x], {}), 'float32');

/** eˣ - 1; near zero 2t/(1 - t), t = tanh(x/2), to avoid cancellation. */
export const Expm1 = unary((x) => {
  const t = make('Tanh', [make('Mul', [x, scalar(0.5)], {})], {});
  const near = make('Div', [make('Add', [t, t], {}), make('Sub', [scalar(1), t], {})], {});
  const far = make('Sub', [make('Exp', [x], {}), scalar(1)], {});
  return make('Where', [make('Less', [make('Abs', [x], {}), scalar(0.5)], {}), near, far], {});
});

/** ln(1 + x); near zero 2 artanh(x/(2 + x)), to avoid cancellation. */
export const Log1p = unary((x) => {
  const a = make('Atanh', [make('Div', [x, make('Add', [x, scalar(2)], {})], {})], {});
  const far = make('Log', [make('Add', [x, scalar(1)], {})], {});
  return make('Where', [make('Less', [make('Abs', [x], {}), scalar(0.5)], {}), make('Add', [a, a], {}), far], {});
});
export const Rsqrt = unary((x) => make('Reciprocal', [make('Sqrt', [x], {})], {}));
export const Relu = ({ x }: Inputs): Node => {
  if (x.dtype === 'float32') return make('Relu', [x], {});
  return x.dtype === 'int32' ? make('Max', [x, scalar(0, 'int32')], {}) : x;
};
export const Relu6 = unary((x) => make('Clip', [x], { min: 0, max: 6 }));
export const LeakyRelu = ({ x }: Inputs, { alpha }: tf.LeakyReluAttrs): Node =>
  make('LeakyRelu', [float(x)], { alpha });
export const Selu = unary((x) => make('Selu', [x], { alpha: 1.6732632423543772, gamma: 1.0507009873554805 }));

export const Neg: Lowering = ({ x }) =>
  x.dtype === 'bool' ? cast(make('Neg', [cast(x, 'int32')], {}), 'bool') : make('Neg', [x], {});
export const Abs: Lowering = ({ x }) => (x.dtype === 'bool' ? x : make('Abs', [x], {}));
export const Square: Lowering = ({ x }) => {
  const y = x.dtype === 'bool' ? cast(x, 'int32') : x;
  return cast(make('Mul', [y, y], {}), x.dtype);
};

/** TensorFlow.js returns 0 for NaN; ONNX's Sign returns NaN. */
export const Sign: Lowering = ({ x }) => {
  if (x.dtype !== 'float32') return x.dtype === 'bool' ? x : make('Sign', [x], {});
  const positive = cast(make('Greater', [x, scalar(0)], {}), 'float32');
  return make('Sub', [positive, cast(make('Less', [x, scalar(0)], {}), 'float32')], {});
};

/** 1 where x > 0, else alpha; propagates NaN. */
export const Step: Lowering<tf.StepAttrs> = ({ x }, { alpha = 0 }) =>
  cast(make('LeakyReluGrad', [float(x)], { alpha }), x.dtype);

export const ClipByValue: Lowering<tf.ClipByValueAttrs> = ({ x }, { clipValueMin, clipValueMax }) =>
  cast(make('Clip', [float(x)], { min: clipValueMin, max: clipValueMax }), x.dtype);

/** dy where y >= 0, else dy (y + 1), for the output y of ELU. */
export const EluGrad: Lowering = ({ dy, y }) => {
  const below = make('Mul', [dy, make('Add', [y, scalar(1)], {})], {});
  return make('Where', [make('GreaterOrEqual', [y, scalar(0)], {}), dy, below], {});
};

export const Prelu = ({ x, alpha }: Inputs): Node => {
  const y = float(x);
  return make('Where', [make('Less', [y, scalar(0)], {}), make('Mul', [y, float(alpha)], {}), y], {});
};

export const IsNan: Lowering = ({ x }) => make('IsNaN', [float(x)], {});
export const IsInf: Lowering = ({ x }) => make('IsInf', [float(x)], {});
export const IsFinite: Lowering = ({ x }) =>
  make('Not', [make('Or', [make('IsNaN', [float(x)], {}), make('IsInf', [float(x)], {})], {})], {});
