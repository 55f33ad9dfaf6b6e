// A node of a graph: an operation on other nodes. Nodes are immutable, except that a node may be replaced by its
// computed value.
import { rules, type Attributes, type DType, type Op, type Values } from './ops';
import type { Shape } from './shapes';

export interface Node<K extends Op = Op> {
  readonly id: number;
  readonly op: K;
  inputs: readonly Node[];
  readonly attributes: Attributes[K];
  readonly shape: Shape;
  readonly dtype: DType;
  /** The layer that created it, for messages. */
  readonly layer: string | null;
  /** Its values, once they are known. */
  data: Data | null;
}

/** Values outside of a graph. Double-buffered state implements `values` as a getter. */
export interface Data {
  readonly values: Values;
}

let count = 0;
let layerName: string | null = null;

/** Runs `f`; nodes created by it belong to layer `name`. */
export function withLayer<T>(name: string | null, f: () => T): T {
  const outer = layerName;
  layerName = name;
  try {
    return f();
  } catch (error) {
    if (name !== null && typeof error === 'object' && error !== null && !failedIn.has(error)) failedIn.set(error, name);
    throw error;
  } finally {
    layerName = outer;
  }
}

export const currentLayer = (): string | null => layerName;

const failedIn = new WeakMap<object, string>();

/** The innermost layer in which an error was thrown; null if it was thrown outside of layers. */
export const failedLayer = (error: unknown): string | null =>
  (typeof error === 'object' && error !== null && failedIn.get(error)) || null;

/** Creates a node. Its shape and dtype follow from the operation's rule, which throws if the inputs do not fit. */
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

/** Replaces a node by its value: its inputs are released. */
export function setValue(node: Node, data: Data): void {
  node.data = data;
  node.inputs = [];
}

/** A tensor from outside of the graph: an input, a variable or a known value. */
export function leaf(name: string, shape: Shape, dtype: DType, data: Data | null = null): Node<'Leaf'> {
  const node = make('Leaf', [], { name, shape, dtype });
  node.data = data;
  return node;
}

export const fill = (value: number, shape: Shape, dtype: DType = 'float32'): Node<'Fill'> =>
  make('Fill', [], { value, shape, dtype });

/** A scalar constant. */
export const scalar = (value: number, dtype: DType = 'float32'): Node<'Fill'> => fill(value, [], dtype);

export const constant = (values: Values, shape: Shape, dtype: DType): Node<'Constant'> =>
  make('Constant', [], { values, shape, dtype });

/** The value of a Fill; undefined for any other node. */
export const fillValue = (node: Node): number | undefined => (isOp(node, 'Fill') ? node.attributes.value : undefined);

/** The node without the reshapes at its end: the same numbers in the same order. */
export const withoutReshapes = (node: Node): Node => (isOp(node, 'Reshape') ? withoutReshapes(node.inputs[0]) : node);

/**
 * All nodes that `outputs` depend on, each after its dependencies (its inputs by default). Not recursive: graphs are
 * thousands of nodes deep.
 */
export function topologicalOrder(outputs: readonly Node[], dependencies = inputsOf): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { readonly node: Node | null; readonly pending: readonly Node[]; next: number }[] = [
    { node: null, pending: outputs, next: 0 },
  ];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next === top.pending.length) {
      stack.pop();
      if (top.node) order.push(top.node);
    } else {
      const node = top.pending[top.next++];
      if (!seen.has(node)) stack.push({ node, pending: dependencies(node), next: 0 });
      seen.add(node);
    }
  }
  return order;
}

const inputsOf = ({ inputs }: Node): readonly Node[] => inputs;
