// Fused optimizer updates: concatenates small variables and updates all of them at once. For large variables the copies
// would cost more than the saved operations.
import { isOp, fillValue, withoutReshapes, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { elementwise } from './layout';
import type { Make } from './rewrite';

/** Maximum number of elements of a small variable. */
const MAX_SIZE = 2 ** 15;

export function fuseOptimizerUpdates(outputs: readonly Node[], build: Make): Node[] {
  const concatenate = concatenating(build);
  const parts = new Map<Node, Node>();
  for (const members of similarOutputs(new Set(outputs))) {
    const joint = concatenate(members);
    const sizes = members.map(size);
    members.forEach((m, at) =>
      parts.set(m, build('Reshape', [build('Split', [joint], { sizes, at })], { shape: m.shape })),
    );
  }
  return outputs.map((o) => parts.get(o) ?? o);
}

const size = (node: Node): number => sizeOf(node.shape);

/** Reshapes do not matter to elementwise operations. */
const content = withoutReshapes;

/** Identifies a scalar: by its value, or by its node. */
const identity = (node: Node): string => `${fillValue(node) ?? `#${content(node).id}`}`;

/** Groups of two or more small outputs that are computed by the same operations. */
function similarOutputs(outputs: ReadonlySet<Node>): Node[][] {
  const formOf = computationForms();
  const byForm = new Map<number, Node[]>();
  for (const output of outputs) {
    if (output.shape.length === 0 || size(output) > MAX_SIZE || isOp(content(output), 'Leaf')) continue;
    const form = formOf(content(output));
    if (form !== undefined) byForm.set(form, [...(byForm.get(form) ?? []), output]);
  }
  return [...byForm.values()].filter((members) => members.length > 1);
}

/**
 * Numbers the elementwise computations on a variable: nodes with the same operations get the same number, whatever
 * their shape and their other tensor operands, such as gradients. Undefined for any other node.
 */
function computationForms(): (node: Node) => number | undefined {
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

/** Creates the vector with the elements of several nodes, by one operation if all have the same. */
function concatenating(build: Make): (members: readonly Node[]) => Node {
  const known = new Map<string, Node>();
  const concatenate = (members: readonly Node[]): Node => {
    const contents = members.map(content);
    const key = contents.map(({ id }) => id).join();
    const joint = known.get(key) ?? create(contents);
    known.set(key, joint);
    return joint;
  };
  const create = (members: readonly Node[]): Node => {
    const [{ op, attributes, inputs }] = members;
    const columns = inputs.map((_, at) => members.map((m) => m.inputs[at]));
    const fullSize = (column: readonly Node[]): boolean =>
      column.every((i, k) => size(i) === size(members[k]) && i.dtype === column[0].dtype);
    const sameScalar = (column: readonly Node[]): boolean =>
      column.every((i) => size(i) === 1 && i.dtype === column[0].dtype && identity(i) === identity(column[0]));
    const name = attributesKey(op, attributes);
    const sameOp =
      elementwise.has(op) && members.every((m) => m.op === op && attributesKey(m.op, m.attributes) === name);
    if (!sameOp || !columns.every((column) => fullSize(column) || sameScalar(column)))
      return build(
        'Concat',
        members.map((m) => build('Reshape', [m], { shape: [size(m)] })),
        { axis: 0 },
      );
    const operands = columns.map((c) => (fullSize(c) ? concatenate(c) : build('Reshape', [c[0]], { shape: [] })));
    return build(op, operands, attributes);
  };
  return concatenate;
}
