// The settings in the order in which users vary them: what a fork lists first, and where a copied experiment is edited.
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { parseJsonTree } from '../../experiment/sourceText';

const varied = ['optimizer', 'constraint', 'objective', 'generator', 'critic', 'criticSteps', 'batchSize', 'latent'];
/** What is rather another experiment, or does not change what is learned. */
const last = ['samples', 'checkpoints', 'metrics', 'device', 'threads', 'engine', 'data'];

/** The rank of a setting of the top level. */
export function settingRank(key: string): number {
  if (varied.includes(key)) return varied.indexOf(key);
  return varied.length + 1 + last.indexOf(key);
}

interface TextRange {
  readonly offset: number;
  readonly length: number;
}

/** The value that is most worth changing: its first number, such as the learning rate, if it is an object. */
export function placeToEdit(text: string): TextRange {
  const tree = parseJsonTree(text);
  const found = tree && varied.flatMap((key) => findNodeAtLocation(tree, [key]) ?? [])[0];
  const { offset, length } = (found && (firstNumber(found) ?? found)) ?? { offset: 0, length: 0 };
  return { offset, length };
}

function firstNumber(node: Node): Node | undefined {
  if (node.type === 'number') return node;
  for (const child of node.children ?? []) {
    const found = firstNumber(child);
    if (found) return found;
  }
  return undefined;
}
