// Updates: what an optimizer does to each of many small variables, one operation after the other, is done to all of them at
// once, laid end to end. Large ones stay apart: there an operation costs more than its start, and copies would cost as much.
import { isOp, fillValue, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { elementwise } from './layout';
import type { Make } from './rewrite';

/** Elements up to which a variable is small. */
const SMALL = 2 ** 15;

export function fuseOptimizerUpdates(outputs: readonly Node[], build: Make): Node[] {
  const join = joining(build);
  const parts = new Map<Node, Node>();
  for (const members of alike(new Set(outputs))) {
    const joint = join(members);
    const sizes = members.map(size);
    members.forEach((m, at) =>
      parts.set(m, build('Reshape', [build('Split', [joint], { sizes, at })], { shape: m.shape })),
    );
  }
  return outputs.map((o) => parts.get(o) ?? o);
}

const size = (node: Node): number => sizeOf(node.shape);

/** Shapes do not matter to what is done element by element. */
const content = (node: Node): Node => (isOp(node, 'Reshape') ? content(node.inputs[0]) : node);

/** What tells a single number from others: its value, or the node that it comes from. */
const identity = (node: Node): string => `${fillValue(node) ?? `#${content(node).id}`}`;

/** Small outputs that are made in the same way, two or more. */
function alike(outputs: ReadonlySet<Node>): Node[][] {
  const formOf = describing();
  const byForm = new Map<number, Node[]>();
  for (const output of outputs) {
    if (output.shape.length === 0 || size(output) > SMALL || isOp(content(output), 'Leaf')) continue;
    const form = formOf(content(output));
    if (form !== undefined) byForm.set(form, [...(byForm.get(form) ?? []), output]);
  }
  return [...byForm.values()].filter((members) => members.length > 1);
}

/**
 * Numbers the ways in which something is made of a variable, element by element: the same number for the same way, whatever
 * the shape and whatever else enters, as a gradient does. Undefined for what is not made of a variable like that.
 */
function describing(): (node: Node) => number | undefined {
  const numbers = new Map<string, number>();
  const known = new Map<Node, number | undefined>();
  const textOf = (node: Node): string | undefined => {
    if (isOp(node, 'Leaf')) return node.dtype;
    if (!elementwise.has(node.op)) return undefined;
    const forms = node.inputs.map((i) => (size(i) === size(node) ? formOf(content(i)) : undefined));
    if (forms.every((form) => form === undefined)) return undefined;
    const operands = node.inputs.map((i, at) =>
      size(i) === size(node) ? (forms[at] ?? '*') : size(i) === 1 ? identity(i) : undefined,
    );
    return operands.includes(undefined)
      ? undefined
      : `${node.op}(${operands})${attributesKey(node.op, node.attributes)}`;
  };
  const formOf = (node: Node): number | undefined => {
    if (known.has(node)) return known.get(node);
    const text = textOf(node);
    if (text !== undefined && !numbers.has(text)) numbers.set(text, numbers.size);
    known.set(node, text === undefined ? undefined : numbers.get(text));
    return known.get(node);
  };
  return formOf;
}

/** Makes the vector that holds the elements of several nodes, by one operation for all where they are made alike. */
function joining(build: Make): (members: readonly Node[]) => Node {
  const known = new Map<string, Node>();
  const join = (members: readonly Node[]): Node => {
    const contents = members.map(content);
    const key = contents.map(({ id }) => id).join();
    const joint = known.get(key) ?? make(contents);
    known.set(key, joint);
    return joint;
  };
  const make = (members: readonly Node[]): Node => {
    const [{ op, attributes, inputs }] = members;
    const columns = inputs.map((_, at) => members.map((m) => m.inputs[at]));
    const whole = (column: readonly Node[]): boolean =>
      column.every((i, k) => size(i) === size(members[k]) && i.dtype === column[0].dtype);
    const one = (column: readonly Node[]): boolean =>
      column.every((i) => size(i) === 1 && i.dtype === column[0].dtype && identity(i) === identity(column[0]));
    const name = attributesKey(op, attributes);
    const same = elementwise.has(op) && members.every((m) => m.op === op && attributesKey(m.op, m.attributes) === name);
    if (!same || !columns.every((column) => whole(column) || one(column)))
      return build(
        'Concat',
        members.map((m) => build('Reshape', [m], { shape: [size(m)] })),
        { axis: 0 },
      );
    const operands = columns.map((c) => (whole(c) ? join(c) : build('Reshape', [c[0]], { shape: [] })));
    return build(op, operands, attributes);
  };
  return join;
}
