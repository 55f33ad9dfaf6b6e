// Rebuilds a graph bottom-up, the basis of every pass.
import { make, topologicalOrder, type Node } from '../graph/node';
import type { Attributes, Op } from '../graph/ops';

/** Creates a node, or returns an equivalent one. */
export type Make = <K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K]) => Node;

/** The replacement of `node`, given its rebuilt inputs; undefined keeps the operation. */
export type Rewrite = (node: Node, inputs: readonly Node[]) => Node | undefined;

/** Rebuilds the graph of `outputs` with `build`; leaves and nodes with known values are kept. */
export function rewrite(outputs: readonly Node[], replace: Rewrite, build: Make = make): Node[] {
  const rebuilt = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((i) => rebuilt.get(i)!);
    const fixed = node.op === 'Leaf' || node.data !== null;
    rebuilt.set(node, fixed ? node : (replace(node, inputs) ?? build(node.op, inputs, node.attributes)));
  }
  return outputs.map((o) => rebuilt.get(o)!);
}

/** The number of uses of each node, by other nodes and as an output. */
export function useCounts(outputs: readonly Node[]): Map<Node, number> {
  const counts = new Map<Node, number>();
  const use = (node: Node): unknown => counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const node of topologicalOrder(outputs)) node.inputs.forEach(use);
  outputs.forEach(use);
  return counts;
}
