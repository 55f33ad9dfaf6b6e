// Common subexpression elimination: equal nodes are created once. Also fingerprints of graphs.
import { isOp, make, type Node } from '../graph/node';
import type { Attributes, Op, Values } from '../graph/ops';
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
    return `${dtype}[${shape}]${hash(values)}`;
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

const hashes = new WeakMap<Values, string>();

/** Values of a graph never change, so that each array is hashed once. */
function hash(values: Values): string {
  const known = hashes.get(values) ?? computeHash(values);
  hashes.set(values, known);
  return known;
}

/** 128 bits of multiplicative hash, word by word; no defense against intent, but enough to rule out chance. */
function computeHash({ buffer, byteOffset, byteLength }: Values): string {
  const aligned = byteOffset % 4 === 0 && byteLength % 4 === 0;
  const words = aligned
    ? new Int32Array(buffer, byteOffset, byteLength / 4)
    : new Uint8Array(buffer, byteOffset, byteLength);
  let [a, b, c, d] = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9 ^ 0xdeadbeef, 0x9e3779b9 ^ 0x41c6ce57];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    a = Math.imul(a ^ word, 2654435761);
    b = Math.imul(b ^ word, 1597334677);
    // A product moves no bit downwards, so that the shifts are needed for changes of the high bits.
    c = Math.imul(c ^ word ^ (a >>> 15), 2246822507);
    d = Math.imul(d ^ word ^ (b >>> 13), 3266489909);
  }
  const mixed = [a ^ (d >>> 16), b ^ (c >>> 13), c ^ (a >>> 16), d ^ (b >>> 13)];
  return `${byteLength}:${mixed.map((part) => (part >>> 0).toString(16)).join('.')}`;
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
