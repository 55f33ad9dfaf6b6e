// Fusion groups: nodes of equal shape that are computed as one node, concatenated along their first axis.
import { fillValue, isOp, topologicalOrder, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { elementwise } from './layout';

/** The nodes of a group, or nodes that may become one, in the order in which they are concatenated. */
export type FusionGroup = readonly Node[];

export interface FusionGroups {
  /** The group of a node. */
  of(node: Node): FusionGroup | undefined;
  /** The dependencies of a node: its inputs, or those of all nodes of its group. */
  dependencies(node: Node): readonly Node[];
  /**
   * Groups these nodes. Fails, returning false, if one of them depends on another, or if they contain only a part of an
   * existing group.
   */
  tryGroup(nodes: FusionGroup): boolean;
  /** Changes the order of a group. */
  reorder(nodes: FusionGroup): void;
  /**
   * Groups these nodes, in this order, if they have the same operation and an operand that is a group itself. Returns
   * whether they are such a group now.
   */
  tryGroupAlike(nodes: FusionGroup): boolean;
}

/** Groups of nodes that `outputs` depend on. */
export function createFusionGroups(outputs: readonly Node[]): FusionGroups {
  const groups = new Map<Node, FusionGroup>();
  const reorder = (nodes: FusionGroup): void => nodes.forEach((node) => groups.set(node, nodes));
  const dependencies = (node: Node): readonly Node[] =>
    groups.get(node)?.flatMap(({ inputs }) => inputs) ?? node.inputs;
  let ranks = ranksOf(outputs, dependencies);
  const rank = (node: Node): number => ranks.get(node)!;
  /** Whether one of the nodes depends on another. A node depends only on nodes of smaller rank. */
  const isCyclic = (nodes: FusionGroup): boolean => {
    const lowest = Math.min(...nodes.map(rank));
    const inputs = nodes.flatMap((node) => node.inputs);
    return topologicalOrder(inputs, (node) => (rank(node) > lowest ? dependencies(node) : [])).some((node) =>
      nodes.includes(node),
    );
  };
  const tryGroup = (nodes: FusionGroup): boolean => {
    const members = new Set(nodes);
    const splitsGroup = nodes.some((node) => groups.get(node)?.some((other) => !members.has(other)));
    if (splitsGroup || members.size < nodes.length || isCyclic(nodes)) return false;
    reorder(nodes);
    if (nodes.some((node) => rank(node) !== rank(nodes[0]))) ranks = ranksOf(outputs, dependencies);
    return true;
  };
  const tryGroupAlike = (nodes: FusionGroup): boolean => {
    const group = groups.get(nodes[0]);
    if (group) return group.length === nodes.length && group.every((node, i) => node === nodes[i]);
    const isGroup = (operand: Operand): boolean =>
      'rows' in operand && (operand.rows.every((rows) => fillValue(rows) !== undefined) || tryGroupAlike(operand.rows));
    // All operands are tried, since each attempt may group more nodes.
    const grouped = operandsOf(nodes)?.filter(isGroup) ?? [];
    return grouped.length > 0 && tryGroup(nodes);
  };
  return { of: (node) => groups.get(node), dependencies, tryGroup, reorder, tryGroupAlike };
}

/** The length of the longest path to each node. All nodes of a group have the same rank. */
function ranksOf(outputs: readonly Node[], dependencies: (node: Node) => readonly Node[]): ReadonlyMap<Node, number> {
  const ranks = new Map<Node, number>();
  for (const node of topologicalOrder(outputs, dependencies))
    ranks.set(node, 1 + Math.max(0, ...dependencies(node).map((dependency) => ranks.get(dependency)!)));
  return ranks;
}

/** An operand of nodes with the same operation: one node shared by all, or the rows of each. */
export type Operand = { readonly shared: Node } | { readonly rows: FusionGroup };

/** Undefined if the nodes do not have the same operation, or if it does not work row by row. */
export function operandsOf(nodes: FusionGroup): readonly Operand[] | undefined {
  const [{ op, attributes, inputs, shape }] = nodes;
  const key = attributesKey(op, attributes);
  const alike = (node: Node): boolean =>
    node.op === op && sameShape(node.shape, shape) && attributesKey(node.op, node.attributes) === key;
  if (shape.length === 0 || !nodes.every(alike)) return undefined;
  const columns = inputs.map((_, at) => nodes.map((node) => node.inputs[at]));
  const operands = elementwise.has(op)
    ? columns.map((c) => elementwiseOperand(c, shape))
    : isProduct(nodes[0])
      ? productOperands(columns)
      : [];
  return operands.length > 0 && operands.every((operand) => operand !== undefined) ? operands : undefined;
}

/** A batch times a matrix, or convolved with filters. */
export type BatchProduct = Node<'Gemm'> | Node<'Conv2D'> | Node<'Conv2DInputGradient'>;

export const isProduct = (node: Node): node is BatchProduct =>
  isOp(node, 'Gemm')
    ? node.inputs.length === 2 && !node.attributes.transA
    : isOp(node, 'Conv2D') || isOp(node, 'Conv2DInputGradient');

const productOperands = ([batches, matrices]: readonly FusionGroup[]): (Operand | undefined)[] => [
  batches.every(({ shape }) => sameShape(shape, batches[0].shape)) ? { rows: batches } : undefined,
  matrices.every((matrix) => matrix === matrices[0]) ? { shared: matrices[0] } : undefined,
];

function elementwiseOperand(column: FusionGroup, [rows, ...axes]: readonly number[]): Operand | undefined {
  const [first] = column;
  const hasRows =
    first.shape.length === axes.length + 1 && first.shape[0] === rows && (rows > 1 || fillValue(first) === undefined);
  if (!hasRows) return column.every((node) => equal(node, first)) ? { shared: first } : undefined;
  return column.every((node) => sameShape(node.shape, first.shape) && node.dtype === first.dtype)
    ? { rows: column }
    : undefined;
}

const equal = (a: Node, b: Node): boolean =>
  a === b ||
  (fillValue(a) !== undefined &&
    Object.is(fillValue(a), fillValue(b)) &&
    sameShape(a.shape, b.shape) &&
    a.dtype === b.dtype);
