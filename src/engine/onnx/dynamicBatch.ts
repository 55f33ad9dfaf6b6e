// Makes the batch size of a graph dynamic, by comparing recordings for two batch sizes.
import { isOp, type Node } from '../graph/node';
import type { Attributes } from '../graph/ops';
import { sameShape, type Shape } from '../graph/shapes';
import { attributesKey } from '../passes/commonSubexpressions';

/** A graph, and the batch size that it was recorded for. `order` is in topological order. */
export interface RecordedFunction {
  readonly batch: number;
  readonly input: Node;
  readonly output: Node;
  readonly order: readonly Node[];
}

/**
 * The shapes, with -1 at the batch axis, that make graph `a` valid for any batch size: of its input, its output, and
 * the nodes whose attributes contain the batch size. Null if the graphs differ in anything else, such as a constant
 * that depends on the batch size.
 */
export function dynamicBatchShapes(a: RecordedFunction, b: RecordedFunction): ReadonlyMap<Node, Shape> | null {
  if (a.order.length !== b.order.length) return null;
  const partner = new Map(a.order.map((node, i) => [node, b.order[i]]));
  const dynamic = new Map<Node, Shape>();
  for (const [node, other] of partner) {
    const alike = node.op === other.op && node.dtype === other.dtype && node.inputs.length === other.inputs.length;
    if (!alike || !node.inputs.every((input, i) => partner.get(input) === other.inputs[i])) return null;
    const shape = shapeOf(node, other, a.batch, b.batch);
    if (shape === null) return null;
    if (shape !== undefined) dynamic.set(node, shape);
  }
  for (const [node, other] of [
    [a.input, b.input],
    [a.output, b.output],
  ] as const) {
    const shape = exact(node.shape, other.shape, a.batch, b.batch);
    if (shape?.[0] !== -1) return null;
    if (!dynamic.has(node)) dynamic.set(node, shape);
  }
  return dynamic;
}

/**
 * The dynamic shape of a node; undefined if it needs none, null if its attributes depend on the batch size otherwise.
 */
function shapeOf(a: Node, b: Node, m: number, n: number): Shape | undefined | null {
  if (isOp(a, 'Leaf')) return undefined;
  if (isOp(a, 'Slice') && isOp(b, 'Slice')) return sameSlice(a, b) ? undefined : null;
  if (isOp(a, 'Reshape')) return sameShape(a.shape, b.shape) ? undefined : inferred(a.shape, b.shape, m, n);
  if (isOp(a, 'Expand') || (isOp(a, 'Fill') && isOp(b, 'Fill') && Object.is(a.attributes.value, b.attributes.value)))
    return sameShape(a.shape, b.shape) ? undefined : exact(a.shape, b.shape, m, n);
  if (isOp(a, 'Constant') && isOp(b, 'Constant') && a.attributes.values === b.attributes.values) return undefined;
  return attributesKey(a.op, a.attributes) === attributesKey(b.op, b.attributes) ? undefined : null;
}

/** A reshape infers one dimension, which may be a multiple of the batch size. */
const inferred = (a: Shape, b: Shape, m: number, n: number): Shape | null =>
  withDynamicAxis(a, b, (d, e) => d * n === e * m);

const exact = (a: Shape, b: Shape, m: number, n: number): Shape | null =>
  withDynamicAxis(a, b, (d, e) => d === m && e === n);

/** `a` with -1 at the only axis in which `b` differs, if `matches` accepts the two sizes. */
function withDynamicAxis(a: Shape, b: Shape, matches: (d: number, e: number) => boolean): Shape | null {
  const differing = a.flatMap((d, axis) => (d === b[axis] ? [] : [axis]));
  if (a.length !== b.length || differing.length !== 1 || a.includes(0)) return null;
  const [axis] = differing;
  return matches(a[axis], b[axis]) ? a.map((d, i) => (i === axis ? -1 : d)) : null;
}

/** The same range along each axis, or the whole axis, which is encoded without its size. */
function sameSlice(a: Node<'Slice'>, b: Node<'Slice'>): boolean {
  const all = ({ attributes: { starts, sizes, steps }, inputs: [x] }: Node<'Slice'>, axis: number): boolean =>
    starts[axis] === 0 && steps[axis] === 1 && sizes[axis] === x.shape[axis];
  const range = ({ starts, sizes, steps }: Attributes['Slice'], i: number): string =>
    `${starts[i]},${sizes[i]},${steps[i]}`;
  return a.shape.every((_, i) => (all(a, i) && all(b, i)) || range(a.attributes, i) === range(b.attributes, i));
}
