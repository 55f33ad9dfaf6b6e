// Stacking: what a critic does to several batches, D(x), D(x̃) and D(x̂), it does to all of them at once, one laid upon the
// other: one product with the weights in place of three, there and back, and one product for the sum of three gradients.
// Each product reads all of the weights, and each gradient writes as many numbers.
import { fill, isOp, topologicalOrder, fillValue, type Node } from '../graph/node';
import { elementwise } from './layout';
import type { Make } from './rewrite';
import { createFusionGroups, isProduct, operandsOf, type FusionGroup, type FusionGroups } from './fusionGroups';
import { sumsOfProducts, type Product, type Sum } from './sumsOfProducts';

export function fuseBatches(outputs: readonly Node[], build: Make): Node[] {
  const stacks = createFusionGroups();
  groupByWeights(outputs, stacks);
  const sums = sumsOfProducts(outputs, order(outputs, stacks), isWorthIt);
  const groups = [...sums.values()].flatMap((sum) => sum.groups).sort((a, b) => b.length - a.length);
  for (const products of groups)
    for (const at of [0, 1]) stacks.tryGroupAlike(products.map(({ inputs }) => inputs[at]));
  return rebuild(outputs, stacks, sums, build);
}

/** Fewer numbers are laid anew, those of `rows` rows on both sides of a matrix, than the matrix has. */
const isWorthIt = (rows: number, [k, n]: readonly number[]): boolean => rows * (k + n) <= k * n;

/** Makes stacks of batches times the same matrix. */
function groupByWeights(outputs: readonly Node[], stacks: FusionGroups): void {
  const byWeights = new Map<string, Product[]>();
  for (const node of topologicalOrder(outputs)) {
    if (!isProduct(node)) continue;
    const [batch, weights] = node.inputs;
    if (!isWorthIt(batch.shape[0], weights.shape)) continue;
    const key = `${weights.id} ${node.attributes.transB} ${batch.shape}`;
    byWeights.set(key, [...(byWeights.get(key) ?? []), node]);
  }
  for (let products of byWeights.values())
    while (products.length > 1) {
      const [first, ...others] = products;
      const together = [first];
      for (const other of others) if (stacks.tryGroup([...together, other])) together.push(other);
      products = others.filter((other) => !together.includes(other));
    }
}

/** Lays each batch where it lies already; gives every node that is computed of one, row by row, its place. */
function order(outputs: readonly Node[], stacks: FusionGroups): ReadonlyMap<Node, number> {
  const places = new Map<Node, number>();
  for (const node of topologicalOrder(outputs, stacks.dependencies)) {
    const stack = stacks.of(node);
    if (stack && !places.has(node)) {
      const place = (member: Node): number => places.get(member.inputs[0]) ?? stack.length;
      const ordered = [...stack].sort((a, b) => place(a) - place(b));
      stacks.reorder(ordered);
      stacks.tryGroupAlike(ordered.map(({ inputs: [batch] }) => batch));
      ordered.forEach((member, at) => places.set(member, at));
    } else if (!stack && elementwise.has(node.op)) {
      const place = node.inputs.map((i) => places.get(i)).find((at) => at !== undefined);
      if (place !== undefined) places.set(node, place);
    }
  }
  return places;
}

function rebuild(outputs: readonly Node[], stacks: FusionGroups, sums: ReadonlyMap<Node, Sum>, build: Make): Node[] {
  const made = new Map<Node, Node>();
  const whole = new Map<FusionGroup, Node>();
  const now = (node: Node): Node => made.get(node)!;

  const part = (stack: FusionGroup, from: number, count: number): Node => {
    const [rows, ...axes] = stack[0].shape;
    if (count === stack.length) return whole.get(stack)!;
    const starts = [from * rows, ...axes.map(() => 0)];
    return build('Slice', [whole.get(stack)!], { starts, sizes: [count * rows, ...axes], steps: starts.map(() => 1) });
  };
  /** One upon the other; what lies so already is taken as it is. */
  const lay = (nodes: FusionGroup): Node => {
    const value = fillValue(nodes[0]);
    const [rows, ...axes] = nodes[0].shape;
    if (value !== undefined && nodes.every((node) => Object.is(fillValue(node), value)))
      return fill(value, [nodes.length * rows, ...axes], nodes[0].dtype);
    const parts: Node[] = [];
    for (let i = 0, count = 1; i < nodes.length; i += count, count = 1) {
      const stack = stacks.of(nodes[i]);
      const from = stack?.indexOf(nodes[i]) ?? 0;
      while (stack && i + count < nodes.length && stack[from + count] === nodes[i + count]) count++;
      parts.push(stack ? part(stack, from, count) : now(nodes[i]));
    }
    return parts.length === 1 ? parts[0] : build('Concat', parts, { axis: 0 });
  };
  const compute = (stack: FusionGroup): Node => {
    const operands = operandsOf(stack)!.map((operand) => ('rows' in operand ? lay(operand.rows) : now(operand.shared)));
    return build(stack[0].op, operands, stack[0].attributes);
  };
  const sumUp = ({ groups, rest }: Sum): Node => {
    const products = groups.map((group) => {
      const [{ inputs, attributes }] = group;
      if (group.length === 1) return build('Gemm', inputs.map(now), attributes);
      const [a, b] = [0, 1].map((at) => group.map((product) => product.inputs[at]));
      const row = (): Node => fill(fillValue(a[0])!, [1, group.length * a[0].shape[1]]);
      return build('Gemm', [attributes.transA ? lay(a) : row(), lay(b)], attributes);
    });
    return [...products, ...rest.map(now)].reduce((x, y) => build('Add', [x, y], {}));
  };
  const needs = (node: Node): readonly Node[] => {
    const sum = stacks.of(node) ? undefined : sums.get(node); // Of a stack all members are needed, whatever they are.
    return sum ? [...sum.groups.flat().flatMap(({ inputs }) => inputs), ...sum.rest] : stacks.dependencies(node);
  };
  for (const node of topologicalOrder(outputs, needs)) {
    const [stack, sum] = [stacks.of(node), sums.get(node)];
    if (stack && !whole.has(stack)) whole.set(stack, compute(stack));
    if (stack) made.set(node, part(stack, stack.indexOf(node), 1));
    else if (sum) made.set(node, sumUp(sum));
    else if (isOp(node, 'Leaf') || node.data !== null) made.set(node, node);
    else made.set(node, build(node.op, node.inputs.map(now), node.attributes));
  }
  return outputs.map(now);
}
