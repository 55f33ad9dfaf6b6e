// Stacks: nodes of one shape that are computed as one, laid upon each other along their first axis.
import { isOp, topologicalOrder, fillValue, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { elementwise } from './layout';

export type FusionGroup = readonly Node[];

export interface FusionGroups {
  /** The stack of a node, in its order. */
  of(node: Node): FusionGroup | undefined;
  /** What must be there before the node: of a stack, what all its members need. */
  dependencies(node: Node): readonly Node[];
  /** Makes these one stack, a stack among them whole, unless one of them needs another; says whether it did. */
  tryGroup(nodes: FusionGroup): boolean;
  /** Brings the stack of these into this order. */
  reorder(nodes: FusionGroup): void;
  /** Makes these one stack in this order, where they are computed alike from what is one; says whether they are. */
  tryGroupAlike(nodes: FusionGroup): boolean;
}

export function createFusionGroups(): FusionGroups {
  const known = new Map<Node, FusionGroup>();
  const reorder = (nodes: FusionGroup): void => nodes.forEach((node) => known.set(node, nodes));
  const dependencies = (node: Node): readonly Node[] => known.get(node)?.flatMap(({ inputs }) => inputs) ?? node.inputs;
  const tryGroup = (nodes: FusionGroup): boolean => {
    const members = new Set(nodes);
    const torn = nodes.some((node) => known.get(node)?.some((other) => !members.has(other)));
    const above = torn
      ? []
      : topologicalOrder(
          nodes.flatMap(({ inputs }) => inputs),
          dependencies,
        );
    if (torn || members.size < nodes.length || above.some((node) => members.has(node))) return false;
    reorder(nodes);
    return true;
  };
  const tryGroupAlike = (nodes: FusionGroup): boolean => {
    const own = known.get(nodes[0]);
    if (own) return own.length === nodes.length && own.every((node, i) => node === nodes[i]);
    const isOne = (operand: Operand): boolean =>
      'rows' in operand && (operand.rows.every((rows) => fillValue(rows) !== undefined) || tryGroupAlike(operand.rows));
    // All of them are tried: what they are made of may be one in more than one way.
    const ones = operandsOf(nodes)?.filter(isOne) ?? [];
    return ones.length > 0 && tryGroup(nodes);
  };
  return { of: (node) => known.get(node), dependencies, tryGroup, reorder, tryGroupAlike };
}

/** An operand of nodes that are computed alike: one for all of them, or each one's own rows. */
export type Operand = { readonly shared: Node } | { readonly rows: FusionGroup };

/** Undefined where the nodes are not computed alike, row by row. */
export function operandsOf(nodes: FusionGroup): readonly Operand[] | undefined {
  const [{ op, attributes, inputs, shape }] = nodes;
  const form = attributesKey(op, attributes);
  const alike = (node: Node): boolean =>
    node.op === op && sameShape(node.shape, shape) && attributesKey(node.op, node.attributes) === form;
  if (shape.length === 0 || !nodes.every(alike)) return undefined;
  const columns = inputs.map((_, at) => nodes.map((node) => node.inputs[at]));
  const operands = elementwise.has(op)
    ? columns.map((c) => operandOf(c, shape))
    : isProduct(nodes[0])
      ? product(columns)
      : [];
  return operands.length > 0 && operands.every((operand) => operand !== undefined) ? operands : undefined;
}

/** A batch times a matrix. */
export const isProduct = (node: Node): node is Node<'Gemm'> =>
  isOp(node, 'Gemm') && node.inputs.length === 2 && !node.attributes.transA;

const product = ([batches, matrices]: readonly FusionGroup[]): (Operand | undefined)[] => [
  batches.every(({ shape }) => sameShape(shape, batches[0].shape)) ? { rows: batches } : undefined,
  matrices.every((matrix) => matrix === matrices[0]) ? { shared: matrices[0] } : undefined,
];

function operandOf(column: FusionGroup, [rows, ...axes]: readonly number[]): Operand | undefined {
  const [first] = column;
  const ownRows =
    first.shape.length === axes.length + 1 && first.shape[0] === rows && (rows > 1 || fillValue(first) === undefined);
  if (!ownRows) return column.every((node) => same(node, first)) ? { shared: first } : undefined;
  return column.every((node) => sameShape(node.shape, first.shape) && node.dtype === first.dtype)
    ? { rows: column }
    : undefined;
}

const same = (a: Node, b: Node): boolean =>
  a === b ||
  (fillValue(a) !== undefined &&
    Object.is(fillValue(a), fillValue(b)) &&
    sameShape(a.shape, b.shape) &&
    a.dtype === b.dtype);
