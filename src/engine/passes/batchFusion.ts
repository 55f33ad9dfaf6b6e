// Batch fusion: a critic processes several batches, D(x), D(x̃) and D(x̂), with the same weights. They are
// concatenated, so that one matrix product replaces three in the forward pass and in the backward pass, and one
// replaces the sum of three weight gradients. Each product reads all weights, and each gradient writes as many numbers.
// The same for convolutions, before they are lowered.
import { fill, fillValue, isOp, topologicalOrder, type Node } from '../graph/node';
import type { Op } from '../graph/ops';
import {
  createFusionGroups,
  isProduct,
  operandsOf,
  type BatchProduct,
  type FusionGroup,
  type FusionGroups,
} from './fusionGroups';
import { attributesKey } from './commonSubexpressions';
import { elementwise } from './layout';
import { isConvolution } from './onnxConvolution';
import type { Make } from './rewrite';
import { sumsOfProducts, type Sum } from './findProductSums';
import { winogradProduct } from './winograd';

/** Which products are worth the copies. */
interface Worth {
  /** Of a batch and a matrix. */
  batch(node: Node): boolean;
  /** Of two batches, summed over their rows. */
  sum(node: Node): boolean;
}

/** Fuses matrix products. */
export const fuseBatches = (outputs: readonly Node[], build: Make): Node[] =>
  fuse(outputs, build, {
    batch: (node) => isOp(node, 'Gemm') && isWorthCopying(node.inputs[0].shape[0], node.inputs[1].shape),
    sum: (node) => isOp(node, 'Gemm') && isWorthCopying(node.inputs[1].shape[0], node.shape),
  });

/** Fuses convolutions whose products in Winograd's algorithm have few rows. */
export function fuseConvolutionBatches(outputs: readonly Node[], largeTiles: boolean, build: Make): Node[] {
  const isWorth = (node: Node): boolean => {
    const product = isConvolution(node) ? winogradProduct(node, largeTiles) : undefined;
    return product !== undefined && isWorthCopying(product.rows, product.matrix);
  };
  return fuse(outputs, build, { batch: isWorth, sum: isWorth });
}

function fuse(outputs: readonly Node[], build: Make, worth: Worth): Node[] {
  const groups = createFusionGroups(outputs);
  groupByWeights(outputs, groups, worth);
  const sums = sumsOfProducts(outputs, orderGroups(outputs, groups), (node) => worth.sum(node));
  const summands = [...sums.values()].flatMap((sum) => sum.groups).sort((a, b) => b.length - a.length);
  for (const products of summands)
    for (const at of [0, 1]) groups.tryGroupAlike(products.map(({ inputs }) => inputs[at]));
  return rebuild(outputs, groups, sums, build);
}

/**
 * Concatenation copies `rows` rows on both sides of a [k, n] matrix; worth it if these are at most as many numbers as
 * the matrix has.
 */
const isWorthCopying = (rows: number, [k, n]: readonly number[]): boolean => rows * (k + n) <= k * n;

/** Groups products of batches with the same matrix. */
function groupByWeights(outputs: readonly Node[], groups: FusionGroups, worth: Worth): void {
  const byWeights = new Map<string, BatchProduct[]>();
  for (const node of topologicalOrder(outputs)) {
    if (!isProduct(node) || !worth.batch(node)) continue;
    const [batch, weights] = node.inputs;
    const key = `${node.op} ${weights.id} ${attributesKey(node.op, node.attributes)} ${batch.shape}`;
    byWeights.set(key, [...(byWeights.get(key) ?? []), node]);
  }
  for (let products of byWeights.values())
    while (products.length > 1) {
      const [first, ...others] = products;
      const grouped = [first];
      for (const other of others) if (groups.tryGroup([...grouped, other])) grouped.push(other);
      products = others.filter((other) => !grouped.includes(other));
    }
}

/**
 * Orders each group like the group that its operands come from, so that no copies are needed. Returns the position in
 * their group of all nodes that are computed from one row by row.
 */
function orderGroups(outputs: readonly Node[], groups: FusionGroups): ReadonlyMap<Node, number> {
  const positions = new Map<Node, number>();
  for (const node of topologicalOrder(outputs, groups.dependencies)) {
    const group = groups.of(node);
    if (group && !positions.has(node)) {
      const position = (member: Node): number => positions.get(member.inputs[0]) ?? group.length;
      const ordered = [...group].sort((a, b) => position(a) - position(b));
      groups.reorder(ordered);
      groups.tryGroupAlike(ordered.map(({ inputs: [batch] }) => batch));
      ordered.forEach((member, at) => positions.set(member, at));
    } else if (!group && elementwise.has(node.op)) {
      const position = node.inputs.map((i) => positions.get(i)).find((at) => at !== undefined);
      if (position !== undefined) positions.set(node, position);
    }
  }
  return positions;
}

/** The attributes of an operation for `count` times as many rows: those of a convolution have its batch size. */
function withBatches({ attributes }: Node, count: number): Node['attributes'] {
  if (!('geometry' in attributes)) return attributes;
  const { geometry } = attributes;
  return { geometry: { ...geometry, batch: count * geometry.batch } };
}

function rebuild(outputs: readonly Node[], groups: FusionGroups, sums: ReadonlyMap<Node, Sum>, build: Make): Node[] {
  const rebuilt = new Map<Node, Node>();
  const fused = new Map<FusionGroup, Node>();
  const rebuiltNode = (node: Node): Node => rebuilt.get(node)!;

  /** `count` members of a group from index `from`, as a slice of the fused node. */
  const members = (group: FusionGroup, from: number, count: number): Node => {
    const [rows, ...axes] = group[0].shape;
    if (count === group.length) return fused.get(group)!;
    const starts = [from * rows, ...axes.map(() => 0)];
    return build('Slice', [fused.get(group)!], { starts, sizes: [count * rows, ...axes], steps: starts.map(() => 1) });
  };
  /** Concatenates nodes along the first axis; adjacent members of a group are not copied. */
  const concatenate = (nodes: FusionGroup): Node => {
    const value = fillValue(nodes[0]);
    const [rows, ...axes] = nodes[0].shape;
    if (value !== undefined && nodes.every((node) => Object.is(fillValue(node), value)))
      return fill(value, [nodes.length * rows, ...axes], nodes[0].dtype);
    const parts: Node[] = [];
    for (let i = 0, count = 1; i < nodes.length; i += count, count = 1) {
      const group = groups.of(nodes[i]);
      const from = group?.indexOf(nodes[i]) ?? 0;
      while (group && i + count < nodes.length && group[from + count] === nodes[i + count]) count++;
      parts.push(group ? members(group, from, count) : rebuiltNode(nodes[i]));
    }
    return parts.length === 1 ? parts[0] : build('Concat', parts, { axis: 0 });
  };
  const fuseGroup = (group: FusionGroup): Node => {
    const operands = operandsOf(group)!.map((operand) =>
      'rows' in operand ? concatenate(operand.rows) : rebuiltNode(operand.shared),
    );
    return build(group[0].op, operands, withBatches(group[0], group.length));
  };
  const fuseSum = ({ groups: summands, rest }: Sum): Node => {
    const products = summands.map((group) => {
      const [{ op, inputs, attributes }] = group;
      if (group.length === 1) return build(op, inputs.map(rebuiltNode), attributes);
      const [a, b] = [0, 1].map((at) => group.map((product) => product.inputs[at]));
      if (op !== 'Gemm') return build<Op>(op, [concatenate(a), concatenate(b)], withBatches(group[0], group.length));
      const row = (): Node => fill(fillValue(a[0])!, [1, group.length * a[0].shape[1]]);
      return build('Gemm', [attributes.transA ? concatenate(a) : row(), concatenate(b)], attributes);
    });
    return [...products, ...rest.map(rebuiltNode)].reduce((x, y) => build('Add', [x, y], {}));
  };
  const dependencies = (node: Node): readonly Node[] => {
    // A member of a group depends on all operands of the group.
    const sum = groups.of(node) ? undefined : sums.get(node);
    return sum ? [...sum.groups.flat().flatMap(({ inputs }) => inputs), ...sum.rest] : groups.dependencies(node);
  };
  for (const node of topologicalOrder(outputs, dependencies)) {
    const [group, sum] = [groups.of(node), sums.get(node)];
    if (group && !fused.has(group)) fused.set(group, fuseGroup(group));
    if (group) rebuilt.set(node, members(group, group.indexOf(node), 1));
    else if (sum) rebuilt.set(node, fuseSum(sum));
    else if (isOp(node, 'Leaf') || node.data !== null) rebuilt.set(node, node);
    else rebuilt.set(node, build(node.op, node.inputs.map(rebuiltNode), node.attributes));
  }
  return outputs.map(rebuiltNode);
}
