// Rebuilding a graph bottom-up: what every pass does.
import { make, topologicalOrder, type Node } from '../graph/node';
import type { Attributes, Op } from '../graph/ops';

/** Makes a node, or finds or derives one that is equal to it. */
export type Make = <K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K]) => Node;

/** What takes the place of `node`, given its inputs rebuilt; undefined leaves the operation as it is. */
export type Rewrite = (node: Node, inputs: readonly Node[]) => Node | undefined;

/** Rebuilds what `outputs` need through `build`; leaves and nodes that know their value stay as they are. */
export function rewrite(outputs: readonly Node[], replace: Rewrite, build: Make = make): Node[] {
  const rebuilt = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((i) => rebuilt.get(i)!);
    const fixed = node.op === 'Leaf' || node.data !== null;
    rebuilt.set(node, fixed ? node : (replace(node, inputs) ?? build(node.op, inputs, node.attributes)));
  }
  return outputs.map((o) => rebuilt.get(o)!);
}

/** How many nodes (and outputs) use each node. */
export function useCounts(outputs: readonly Node[]): Map<Node, number> {
  const counts = new Map<Node, number>();
  const use = (node: Node): unknown => counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const node of topologicalOrder(outputs)) node.inputs.forEach(use);
  outputs.forEach(use);
  return counts;
}
