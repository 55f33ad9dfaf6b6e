// Leaves the length of a batch open in a graph: what two recordings of different lengths agree in holds for any length.
import { isOp, type Node } from '../graph/node';
import type { Attributes } from '../graph/ops';
import { sameShape, type Shape } from '../graph/shapes';
import { attributesKey } from '../passes/commonSubexpressions';

/** A graph with the length of the batch that it was recorded for; `order` has every node after its inputs. */
export interface RecordedFunction {
  readonly batch: number;
  readonly input: Node;
  readonly output: Node;
  readonly order: readonly Node[];
}

/**
 * The shapes, -1 at the axis of the batch, that make graph `a` one for any batch: of its input, its output, and the nodes whose
 * attributes name the length. Null where the graphs differ in more: there the length has gone into a constant, or an axis
 * other than one that follows from it.
 */
export function dynamicBatchShapes(a: RecordedFunction, b: RecordedFunction): ReadonlyMap<Node, Shape> | null {
  if (a.order.length !== b.order.length) return null;
  const partner = new Map(a.order.map((node, i) => [node, b.order[i]]));
  const open = new Map<Node, Shape>();
  for (const [node, other] of partner) {
    const alike = node.op === other.op && node.dtype === other.dtype && node.inputs.length === other.inputs.length;
    if (!alike || !node.inputs.every((input, i) => partner.get(input) === other.inputs[i])) return null;
    const shape = shapeOf(node, other, a.batch, b.batch);
    if (shape === null) return null;
    if (shape !== undefined) open.set(node, shape);
  }
  for (const [node, other] of [
    [a.input, b.input],
    [a.output, b.output],
  ] as const) {
    const shape = whole(node.shape, other.shape, a.batch, b.batch);
    if (shape?.[0] !== -1) return null;
    if (!open.has(node)) open.set(node, shape);
  }
  return open;
}

/** The open shape of a node; undefined where it needs none, null where its attributes cannot be had for any length. */
function shapeOf(a: Node, b: Node, m: number, n: number): Shape | undefined | null {
  if (isOp(a, 'Leaf')) return undefined;
  if (isOp(a, 'Slice') && isOp(b, 'Slice')) return sameSlice(a, b) ? undefined : null;
  if (isOp(a, 'Reshape')) return sameShape(a.shape, b.shape) ? undefined : inferred(a.shape, b.shape, m, n);
  if (isOp(a, 'Expand') || (isOp(a, 'Fill') && isOp(b, 'Fill') && Object.is(a.attributes.value, b.attributes.value)))
    return sameShape(a.shape, b.shape) ? undefined : whole(a.shape, b.shape, m, n);
  if (isOp(a, 'Constant') && isOp(b, 'Constant') && a.attributes.values === b.attributes.values) return undefined;
  return attributesKey(a.op, a.attributes) === attributesKey(b.op, b.attributes) ? undefined : null;
}

/** A reshape finds one length by itself, so a multiple of the batch will do. */
const inferred = (a: Shape, b: Shape, m: number, n: number): Shape | null => opened(a, b, (d, e) => d * n === e * m);

const whole = (a: Shape, b: Shape, m: number, n: number): Shape | null => opened(a, b, (d, e) => d === m && e === n);

/** `a` with -1 at the one axis in which `b` differs, as `follows` allows. */
function opened(a: Shape, b: Shape, follows: (d: number, e: number) => boolean): Shape | null {
  const differing = a.flatMap((d, axis) => (d === b[axis] ? [] : [axis]));
  if (a.length !== b.length || differing.length !== 1 || a.includes(0)) return null;
  const [axis] = differing;
  return follows(a[axis], b[axis]) ? a.map((d, i) => (i === axis ? -1 : d)) : null;
}

/** The same part of both, or all of an axis in either: the encoder names no length then. */
function sameSlice(a: Node<'Slice'>, b: Node<'Slice'>): boolean {
  const all = ({ attributes: { starts, sizes, steps }, inputs: [x] }: Node<'Slice'>, axis: number): boolean =>
    starts[axis] === 0 && steps[axis] === 1 && sizes[axis] === x.shape[axis];
  const part = ({ starts, sizes, steps }: Attributes['Slice'], i: number): string =>
    `${starts[i]},${sizes[i]},${steps[i]}`;
  return a.shape.every((_, i) => (all(a, i) && all(b, i)) || part(a.attributes, i) === part(b.attributes, i));
}
