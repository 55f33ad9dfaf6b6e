// Layout propagation: moves reshapes below elementwise operations, so that biases are next to their matrix product, and
// merges transposes into matrix products.
import { isOp, type Node } from '../graph/node';
import { rules, type Attributes, type Op } from '../graph/ops';
import { sameShape, type Shape } from '../graph/shapes';
import type { Make } from './rewrite';

/** Elementwise operations: each element of the result depends on one element of each operand. */
export const elementwise: ReadonlySet<Op> = new Set<Op>([
  ...(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Where', 'And', 'Or', 'Xor', 'Not'] as const),
  ...(['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal', 'IsNaN', 'Cast', 'Clip'] as const),
  ...(['Relu', 'LeakyRelu', 'LeakyReluGrad', 'Elu', 'Selu', 'Tanh', 'Softplus', 'Exp', 'Log', 'Sqrt'] as const),
  ...(['Reciprocal', 'Erf', 'Neg', 'Abs', 'Sign', 'Floor', 'Ceil', 'Round'] as const),
]);

/** A `make` that moves reshapes and transposes before it calls `inner`; additional nodes are created by `build`. */
export const propagatingLayout =
  (inner: Make, build: Make): Make =>
  (op, inputs, attributes) =>
    (elementwise.has(op) ? sinkReshape(op, inputs, attributes, build) : undefined) ??
    (op === 'Gemm' ? mergeTransposes(inputs, attributes as Attributes['Gemm'], build) : undefined) ??
    inner(op, inputs, attributes);

/** op(reshape(x), y) = reshape(op(x, y)), if y has the same reshape or broadcasts along axes that the reshape keeps. */
function sinkReshape<K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K], make: Make) {
  const { shape } = rules[op](inputs, attributes);
  const reshaped = inputs.find((node) => isOp(node, 'Reshape') && sameShape(node.shape, shape));
  if (!reshaped) return undefined;
  const before = reshaped.inputs[0].shape;
  const moved = inputs.flatMap((node) => {
    if (isOp(node, 'Reshape') && sameShape(node.shape, shape) && sameShape(node.inputs[0].shape, before))
      return [node.inputs[0]];
    return sameLastAxes(before, shape, node.shape.length) ? [node] : [];
  });
  if (moved.length < inputs.length) return undefined;
  return make('Reshape', [make(op, moved, attributes)], { shape });
}

/** Whether the last `count` axes of two shapes are equal. */
const sameLastAxes = (a: Shape, b: Shape, count: number): boolean =>
  count <= a.length && sameShape(a.slice(a.length - count), b.slice(b.length - count));

/** A transposed operand becomes a flag of the product. */
function mergeTransposes([a, b, ...c]: readonly Node[], { transA, transB }: Attributes['Gemm'], make: Make) {
  if (!isOp(a, 'Transpose') && !isOp(b, 'Transpose')) return undefined;
  const before = (x: Node): Node => (isOp(x, 'Transpose') ? x.inputs[0] : x);
  const flags = { transA: transA !== isOp(a, 'Transpose'), transB: transB !== isOp(b, 'Transpose') };
  return make('Gemm', [before(a), before(b), ...c], flags);
}
