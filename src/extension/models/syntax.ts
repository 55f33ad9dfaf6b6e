// What the model finder asks of a syntax tree: all nodes of a part of it, names, and values without their types.
import type { Node } from './parseProgram';

/** All nodes below `root` and itself, parents before their children, in the order of the text. Not recursive. */
export function* nodesIn(root: Node): Generator<Node> {
  const waiting: object[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isNode(next)) yield next;
    const end = waiting.length;
    for (const key in next) {
      const child: unknown = key === 'loc' ? null : next[key as keyof typeof next];
      if (typeof child === 'object' && child !== null && (Array.isArray(child) || isNode(child))) waiting.push(child);
    }
    // The first child is the next one.
    for (let i = end, k = waiting.length - 1; i < k; i++, k--) [waiting[i], waiting[k]] = [waiting[k], waiting[i]];
  }
}

const isNode = (value: object): value is Node => typeof (value as { type?: unknown }).type === 'string';

/** An expression without the types and parentheses around it: `x as T`, `x satisfies T`, `x!`, `(x: T)`. */
export function plain(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
      return plain(node.expression);
    default:
      return node;
  }
}

/** The text of a name or of a string; undefined for everything else, such as a computed key. */
export function nameOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Identifier') return node.name;
  return node?.type === 'StringLiteral' ? node.value : undefined;
}

/** The name of the property in `object.property`; undefined for everything else. */
export function propertyOf(
  node: Node,
): { readonly object: Node; readonly property: string; readonly at: number } | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  const { object, property, computed } = node;
  const name = computed && property.type !== 'StringLiteral' ? undefined : nameOf(property);
  return name === undefined ? undefined : { object, property: name, at: property.start ?? 0 };
}

export const isFunction = (node: Node): boolean =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
