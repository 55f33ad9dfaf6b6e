// Constant folding and algebraic simplification, including zero propagation: TensorFlow.js records the second-order
// path through ReLU masks, which is exactly zero, as convolutions of zeros. A product with an exact zero becomes zero,
// even if the other factor is NaN or infinite.
import { fill, isOp, fillValue, type Node } from '../graph/node';
import { rules, type Attributes, type Op, type TensorType } from '../graph/ops';
import { sameShape, sizeOf } from '../graph/shapes';
import type { Make } from './rewrite';

interface Context<K extends Op> {
  readonly inputs: readonly Node[];
  readonly attributes: Attributes[K];
  readonly type: TensorType;
  readonly make: Make;
}
type Rule<K extends Op> = (context: Context<K>) => Node | undefined;

/** A `make` that simplifies an operation before it calls `inner`. */
export function foldingConstants(inner: Make): Make {
  const build: Make = (op, inputs, attributes) => {
    const type = rules[op](inputs, attributes);
    const rule = simplifications[op] as Rule<Op> | undefined;
    return rule?.({ inputs, attributes, type, make: build }) ?? inner(op, inputs, attributes);
  };
  return build;
}

const filled = (c: Context<Op>, value: number): Node =>
  c.make('Fill', [], {
    value: c.type.dtype === 'float32' ? Math.fround(value) : value,
    shape: c.type.shape,
    dtype: c.type.dtype,
  });
const fits = (c: Context<Op>, node: Node): boolean =>
  sameShape(node.shape, c.type.shape) && node.dtype === c.type.dtype;
const expandToResult = (c: Context<Op>, x: Node): Node =>
  fits(c, x) ? x : c.make('Expand', [x], { shape: c.type.shape });
/** Far from overflow and underflow of float32, so that constants may be multiplied or inverted. */
const moderate = (value: number): boolean => Math.abs(value) > 1e-30 && Math.abs(value) < 1e30;
const isZero = (node: Node): boolean => fillValue(node) === 0;

/** Folds two Fills, or applies `special`, or drops an unneeded Expand, or shrinks a Fill to a scalar. */
function binary<K extends 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min' | 'Pow'>(
  op: K,
  compute: (a: number, b: number) => number,
  special: (c: Context<K>, a: Node, b: Node, fa: number | undefined, fb: number | undefined) => Node | undefined = () =>
    undefined,
): Rule<K> {
  return (c) => {
    const [a, b] = c.inputs;
    const [fa, fb] = [fillValue(a), fillValue(b)];
    if (fa !== undefined && fb !== undefined) return filled(c, compute(fa, fb));
    const found = special(c, a, b, fa, fb);
    if (found) return found;
    const none = {} as Attributes[K];
    // The operation broadcasts implicitly, so an Expand of one operand is not needed.
    if (isOp(a, 'Expand') && fits(c, b)) return c.make(op, [a.inputs[0], b], none);
    if (isOp(b, 'Expand') && fits(c, a)) return c.make(op, [a, b.inputs[0]], none);
    if (fa !== undefined && a.shape.length > 0 && fits(c, b)) return c.make(op, [fill(fa, [], a.dtype), b], none);
    if (fb !== undefined && b.shape.length > 0 && fits(c, a)) return c.make(op, [a, fill(fb, [], b.dtype)], none);
    return undefined;
  };
}

/** (x s) y = x (y s), with a constant s and y smaller than x: multiplies fewer elements. */
function factorEarly(c: Context<'Mul'>, a: Node, y: Node): Node | undefined {
  if (!isOp(a, 'Mul') || fillValue(a.inputs[1]) === undefined || fillValue(y) !== undefined) return undefined;
  const [x, s] = a.inputs;
  const size = Math.abs(fillValue(s)!);
  if (sizeOf(y.shape) >= sizeOf(x.shape) || size < 1e-6 || size > 1e6) return undefined;
  return c.make('Mul', [x, c.make('Mul', [y, s], {})], {});
}

const unary =
  (compute: (x: number) => number): Rule<Op> =>
  (c) => {
    const x = fillValue(c.inputs[0]);
    return x === undefined ? undefined : filled(c, compute(x));
  };

/** An operation that only moves elements: a Fill remains a Fill; `noop` detects when nothing changes. */
const movement =
  <K extends Op>(noop: (c: Context<K>) => boolean): Rule<K> =>
  (c) => {
    const x = fillValue(c.inputs[0]);
    if (x !== undefined) return filled(c, x);
    return noop(c) ? c.inputs[0] : undefined;
  };

/** A product with zeros is zero. */
const linear = (c: Context<Op>): Node | undefined =>
  c.inputs.length === 2 && c.inputs.some(isZero) ? filled(c, 0) : undefined;

const logical =
  (absorbing: 0 | 1): Rule<Op> =>
  (c) => {
    const [a, b] = c.inputs;
    if (fillValue(a) === absorbing || fillValue(b) === absorbing) return filled(c, absorbing);
    if (fillValue(a) === 1 - absorbing && fits(c, b)) return b;
    return fillValue(b) === 1 - absorbing && fits(c, a) ? a : undefined;
  };

const simplifications: { readonly [K in Op]?: Rule<K> } = {
  Add: binary(
    'Add',
    (a, b) => a + b,
    (c, a, b, fa, fb) => {
      if (fa === 0 && fits(c, b)) return b;
      return fb === 0 && fits(c, a) ? a : undefined;
    },
  ),
  Sub: binary(
    'Sub',
    (a, b) => a - b,
    (c, a, b, fa, fb) => {
      if (fb === 0 && fits(c, a)) return a;
      return fa === 0 && fits(c, b) ? c.make('Neg', [b], {}) : undefined;
    },
  ),
  Mul: binary(
    'Mul',
    (a, b) => a * b,
    (c, a, b, fa, fb) => {
      if (fa === 0 || fb === 0) return filled(c, 0);
      if (fa === 1 && fits(c, b)) return b;
      if (fb === 1 && fits(c, a)) return a;
      if (fa !== undefined) return c.make('Mul', [b, a], {});
      if (fb !== undefined && b.shape.length > 0)
        return expandToResult(c, c.make('Mul', [a, fill(fb, [], b.dtype)], {}));
      const inner = isOp(a, 'Mul') ? fillValue(a.inputs[1]) : undefined;
      const early = factorEarly(c, a, b) ?? factorEarly(c, b, a);
      if (early) return early;
      if (fb === undefined || inner === undefined || !moderate(fb * inner)) return undefined;
      if (!sameShape(a.inputs[0].shape, c.type.shape)) return undefined;
      return c.make('Mul', [a.inputs[0], fill(Math.fround(fb * inner), [])], {});
    },
  ),
  Div: binary(
    'Div',
    (a, b) => a / b,
    (c, a, b, fa, fb) => {
      if (c.type.dtype !== 'float32') return undefined;
      if (fa === 0) return filled(c, 0);
      return fb === undefined || !moderate(fb) ? undefined : c.make('Mul', [a, fill(Math.fround(1 / fb), b.shape)], {});
    },
  ),
  Max: binary('Max', Math.max),
  Min: binary('Min', Math.min),
  Pow: binary('Pow', Math.pow, (c, a, _, __, fb) => {
    if (fb === 1 && fits(c, a)) return a;
    return fb === 2 && fits(c, a) ? c.make('Mul', [a, a], {}) : undefined;
  }),
  Neg: (c) => unary((x) => -x)(c) ?? (isOp(c.inputs[0], 'Neg') ? c.inputs[0].inputs[0] : undefined),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Abs: unary(Math.abs),
  Tanh: unary(Math.tanh),
  Relu: unary((x) => Math.max(0, x)),
  LeakyReluGrad: (c) => unary((x) => (x > 0 ? 1 : c.attributes.alpha))(c),
  Not: unary((x) => 1 - x),
  And: logical(0),
  Or: logical(1),
  Identity: (c) => c.inputs[0],
  Cast: (c) => {
    const x = fillValue(c.inputs[0]);
    if (x !== undefined)
      return filled(c, c.attributes.to === 'int32' ? Math.trunc(x) : c.attributes.to === 'bool' ? Number(x !== 0) : x);
    return c.inputs[0].dtype === c.attributes.to ? c.inputs[0] : undefined;
  },
  Where: (c) => {
    const [condition, t, e] = c.inputs;
    const [choice, ft, fe] = [condition, t, e].map(fillValue);
    if (ft !== undefined && ft === fe) return filled(c, ft);
    if (choice === undefined) return undefined;
    const chosen = choice ? t : e;
    return fits(c, chosen) ? chosen : undefined;
  },
  Reshape: (c) => {
    const [x] = c.inputs;
    const inner = isOp(x, 'Reshape') ? c.make('Reshape', [x.inputs[0]], c.attributes) : undefined;
    return movement<'Reshape'>(() => fits(c, x))(c) ?? inner;
  },
  Transpose: (c) => {
    const [x] = c.inputs;
    const { perm } = c.attributes;
    const found = movement<'Transpose'>(() => perm.every((p, i) => p === i))(c);
    if (found || !isOp(x, 'Transpose')) return found;
    return c.make('Transpose', [x.inputs[0]], { perm: perm.map((p) => x.attributes.perm[p]) });
  },
  Expand: movement((c) => fits(c, c.inputs[0])),
  Tile: movement((c) => fits(c, c.inputs[0])),
  Slice: movement((c) => fits(c, c.inputs[0]) && c.attributes.steps.every((s) => s === 1)),
  Pad: (c) =>
    fillValue(c.inputs[0]) === c.attributes.value || fits(c, c.inputs[0]) ? movement(() => true)(c) : undefined,
  Gather: movement(() => false),
  Concat: (c) => {
    const values = c.inputs.map(fillValue);
    if (values[0] !== undefined && values.every((v) => v === values[0])) return filled(c, values[0]);
    return c.inputs.length === 1 ? c.inputs[0] : undefined;
  },
  ReduceSum: (c) => {
    const x = fillValue(c.inputs[0]);
    return x === undefined ? undefined : filled(c, (x * sizeOf(c.inputs[0].shape)) / sizeOf(c.type.shape));
  },
  ReduceMean: movement(() => false),
  ReduceMax: movement(() => false),
  ReduceMin: movement(() => false),
  Gemm: linear,
  MatMul: linear,
  Conv2D: linear,
  Conv2DInputGradient: linear,
  Conv2DFilterGradient: linear,
};
