// A node of a graph: an operation on other nodes. Nodes never change, except that one may learn its value and then
// forgets how it came by it.
import { rules, type Attributes, type DType, type Op, type Values } from './ops';
import type { Shape } from './shapes';

export interface Node<K extends Op = Op> {
  readonly id: number;
  readonly op: K;
  inputs: readonly Node[];
  readonly attributes: Attributes[K];
  readonly shape: Shape;
  readonly dtype: DType;
  /** The layer that asked for it, for messages. */
  readonly layer: string | null;
  /** Where its values can be read, once they are known outside of any graph. */
  data: Data | null;
}

/** Values that live outside of a graph; a getter where they move (double-buffered state). */
export interface Data {
  readonly values: Values;
}

let count = 0;
let layerName: string | null = null;

/** Runs `f`, noting `name` as the layer of every node made meanwhile. */
export function withLayer<T>(name: string | null, f: () => T): T {
  const outer = layerName;
  layerName = name;
  try {
    return f();
  } finally {
    layerName = outer;
  }
}

export const currentLayer = (): string | null => layerName;

/** Makes a node; its shape and dtype follow from the operation's rule, which throws where the inputs do not fit. */
export function make<K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K]): Node<K> {
  try {
    const { shape, dtype } = rules[op](inputs, attributes);
    return { id: ++count, op, inputs, attributes, shape, dtype, layer: layerName, data: null };
  } catch (error) {
    const where = layerName === null ? '' : ` in layer "${layerName}"`;
    throw new Error(`${op}${where}: ${(error as Error).message}`, { cause: error });
  }
}

export const isOp = <K extends Op>(node: Node, op: K): node is Node<K> => node.op === op;

/** Gives a node its value; what it was computed from is let go. */
export function setValue(node: Node, data: Data): void {
  node.data = data;
  node.inputs = [];
}

/** A tensor from outside of the graph. */
export function leaf(name: string, shape: Shape, dtype: DType, data: Data | null = null): Node<'Leaf'> {
  const node = make('Leaf', [], { name, shape, dtype });
  node.data = data;
  return node;
}

export const fill = (value: number, shape: Shape, dtype: DType = 'float32'): Node<'Fill'> =>
  make('Fill', [], { value, shape, dtype });

/** A scalar known when the graph is built. */
export const scalar = (value: number, dtype: DType = 'float32'): Node<'Fill'> => fill(value, [], dtype);

export const constant = (values: Values, shape: Shape, dtype: DType): Node<'Constant'> =>
  make('Constant', [], { values, shape, dtype });

/** The value of a node that is the same everywhere, undefined for any other node. */
export const fillValue = (node: Node): number | undefined => (isOp(node, 'Fill') ? node.attributes.value : undefined);

/**
 * The nodes that `outputs` need, each after its inputs (or what else it `needs`), without recursion: graphs are thousands
 * deep.
 */
export function topologicalOrder(outputs: readonly Node[], needs = inputsOf): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { readonly node: Node | null; readonly needed: readonly Node[]; next: number }[] = [
    { node: null, needed: outputs, next: 0 },
  ];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next === top.needed.length) {
      stack.pop();
      if (top.node) order.push(top.node);
    } else {
      const node = top.needed[top.next++];
      if (!seen.has(node)) stack.push({ node, needed: needs(node), next: 0 });
      seen.add(node);
    }
  }
  return order;
}

const inputsOf = ({ inputs }: Node): readonly Node[] => inputs;
