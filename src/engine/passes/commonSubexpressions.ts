// Common subexpression elimination: equal nodes are created once. Also fingerprints of graphs.
import { isOp, make, type Node } from '../graph/node';
import type { Attributes, Op } from '../graph/ops';
import type { Make } from './rewrite';

const commutative: ReadonlySet<Op> = new Set<Op>(['Add', 'Mul', 'Max', 'Min', 'And', 'Or', 'Xor', 'Equal']);

/** A `make` that returns the existing node if an equal one was created before. */
export function deduplicating(): Make {
  const known = new Map<string, Node>();
  return <K extends Op>(op: K, inputs: readonly Node[], attributes: Attributes[K]): Node => {
    const key = keyOf(op, inputs, attributes);
    if (key === undefined) return make(op, inputs, attributes);
    const found = known.get(key);
    if (found) return found;
    const node = make(op, inputs, attributes);
    known.set(key, node);
    return node;
  };
}

function keyOf(op: Op, inputs: readonly Node[], attributes: Attributes[Op]): string | undefined {
  if (op === 'Leaf') return undefined;
  const ids = inputs.map((i) => i.id);
  if (commutative.has(op)) ids.sort((a, b) => a - b);
  return `${op}(${ids})${attributesKey(op, attributes)}`;
}

/** The attributes as text, equal only for equal attributes (plain JSON writes NaN as null and -0 as 0). */
export function attributesKey(op: Op, attributes: Attributes[Op]): string {
  if (op === 'Constant') {
    const { values, shape, dtype } = attributes as Attributes['Constant'];
    return `${dtype}[${shape}]${hash(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))}`;
  }
  if (op === 'Split') {
    // The list has an entry for each of as many nodes.
    const { sizes, at } = attributes as Attributes['Split'];
    return `${at} of ${sizes}`;
  }
  return keyOfValue(attributes);
}

function keyOfValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOfValue).join()}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  let key = '';
  for (const [name, inner] of Object.entries(value)) key += `${name}:${keyOfValue(inner)};`;
  return key;
}

/** 106 bits of hash (two independent 53-bit cyrb53 hashes), enough to rule out collisions. */
function hash(bytes: Uint8Array): string {
  const half = (seed: number): string => {
    let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i], 2654435761);
      b = Math.imul(b ^ bytes[i], 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return `${(b >>> 0).toString(16)}.${(a >>> 0).toString(16)}`;
  };
  return `${bytes.length}:${half(0)}:${half(0x9e3779b9)}`;
}

/** Identifies the structure and the constants of a graph; equal for equal graphs, in any process. */
export function fingerprint(order: readonly Node[]): string {
  const index = new Map(order.map((node, i) => [node, i]));
  const line = (node: Node): string =>
    isOp(node, 'Leaf') && node.data === null
      ? `${node.attributes.name}:${node.dtype}[${node.shape}]`
      : node.data !== null
        ? attributesKey('Constant', { ...node, values: node.data.values })
        : `${node.op}(${node.inputs.map((i) => index.get(i))})${attributesKey(node.op, node.attributes)}`;
  return order.map(line).join('\n');
}
