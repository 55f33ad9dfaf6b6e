// Eager evaluation: computes nodes as one graph, in a session that is cached for graphs of the same structure.
import { isOp, currentLayer, setValue, topologicalOrder, type Node } from '../graph/node';
import type { Values } from '../graph/ops';
import { ModelError } from '../errors';
import { attributesKey } from '../passes/commonSubexpressions';
import { lowerToOnnx } from '../passes/lower';
import { encodeModel } from './encodeModel';
import { createSyncSession, tensor, type SyncSession, type Tensors } from './runtime';

const MAX_SESSIONS = 256;
/** An LRU cache, least recently used first. */
const sessions = new Map<string, SyncSession>();

/** Computes `wanted`; throws if one depends on an unknown value, such as an input of a step that is being recorded. */
export function evaluate(wanted: readonly Node[]): void {
  const targets = [...new Set(wanted)].filter((n) => n.data === null);
  const order = topologicalOrder(targets);
  const index = new Map<Node, number>();
  const parts: string[] = [];
  const inputs = new Map<Node, string>();
  for (const node of order) {
    index.set(node, index.size);
    if (node.data !== null) {
      inputs.set(node, `i${inputs.size}`);
      parts.push(`in ${node.dtype}[${node.shape}]`);
    } else if (isOp(node, 'Leaf')) {
      throw unknownValue(node.attributes.name);
    } else {
      parts.push(`${node.op}(${node.inputs.map((i) => index.get(i))})${attributesKey(node.op, node.attributes)}`);
    }
  }
  const outputs = new Map(targets.map((node, i) => [`o${i}`, node]));
  const key = `${parts.join(';')}>${targets.map((n) => index.get(n))}`;
  const names = [...outputs.keys()];
  const session = sessionFor(key, () => build(inputs, outputs));
  const feeds: Tensors = {};
  for (const [node, name] of inputs) feeds[name] = tensor(node.dtype, node.data!.values, node.shape);
  const results = session.run(feeds, names);
  targets.forEach((node, i) => setValue(node, { values: results[names[i]].data as Values }));
}

function unknownValue(name: string): ModelError {
  const layer = currentLayer();
  const reader = layer === null ? '' : ` by layer "${layer}"`;
  return new ModelError(
    `The value of "${name}" was read${reader} while a training step was being recorded, before its value is known. ` +
      'A model must not read values (dataSync, arraySync, print): build it from tensor operations only.',
  );
}

function build(inputs: ReadonlyMap<Node, string>, outputs: ReadonlyMap<string, Node>): Uint8Array {
  const lowered = lowerToOnnx([...outputs.values()]);
  const names = [...outputs.keys()];
  return encodeModel({
    order: topologicalOrder(lowered),
    inputs,
    outputs: new Map(names.map((n, i) => [n, lowered[i]])),
  });
}

function sessionFor(key: string, model: () => Uint8Array): SyncSession {
  const session = sessions.get(key) ?? createSyncSession(model());
  sessions.delete(key);
  sessions.set(key, session);
  if (sessions.size > MAX_SESSIONS) {
    const [oldest, unused] = sessions.entries().next().value!;
    sessions.delete(oldest);
    unused.dispose();
  }
  return session;
}
