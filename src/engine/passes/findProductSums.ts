// Finds sums of products A₁ᵀB₁ + A₂ᵀB₂, such as weight gradients, which batch fusion computes as one product of
// concatenated matrices, [A₁; A₂]ᵀ[B₁; B₂]; also sums of filter gradients of convolutions.
import { fillValue, isOp, topologicalOrder, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { useCounts } from './rewrite';

export type Product = Node<'Gemm'> | Node<'Conv2DFilterGradient'>;

export interface Sum {
  /** The products of each group can be computed as one. */
  readonly groups: readonly (readonly Product[])[];
  /** All other summands. */
  readonly rest: readonly Node[];
}

/**
 * The sums with at least two products that can be computed as one, by the root of the sum. Groups are ordered by the
 * `positions` of their operands. `isWorthFusing` decides whether a product is worth the copies of its operands.
 */
export function sumsOfProducts(
  outputs: readonly Node[],
  positions: ReadonlyMap<Node, number>,
  isWorthFusing: (product: Product) => boolean,
): Map<Node, Sum> {
  const uses = useCounts(outputs);
  const sums = new Map<Node, Sum>();
  const partialSums = new Set<Node>();
  const positionOf = ({ inputs: [a, b] }: Product): number => positions.get(b) ?? positions.get(a) ?? positions.size;
  // A product with a constant row needs no copies if the other operand is in a group.
  const isFusable = (product: Product): boolean => {
    const [a, b] = product.inputs;
    const hasConstantRow = isOp(product, 'Gemm') && !product.attributes.transA && fillValue(a) !== undefined;
    return (hasConstantRow && positions.has(b)) || isWorthFusing(product);
  };
  for (const node of topologicalOrder(outputs).reverse()) {
    if (!isOp(node, 'Add') || partialSums.has(node)) continue;
    const byForm = new Map<string, Product[]>();
    const rest: Node[] = [];
    const addTerm = (term: Node): void => {
      const isOwn = term === node || (uses.get(term) === 1 && sameShape(term.shape, node.shape));
      if (isOwn && isOp(term, 'Add')) {
        partialSums.add(term);
        term.inputs.forEach(addTerm);
      } else if (isOwn && sumsOverRows(term) && isFusable(term)) {
        const form = formOf(term);
        byForm.set(form, [...(byForm.get(form) ?? []), term]);
      } else {
        rest.push(term);
      }
    };
    addTerm(node);
    const groups = [...byForm.values()].map((products) => products.sort((p, q) => positionOf(p) - positionOf(q)));
    if (groups.some((products) => products.length > 1)) sums.set(node, { groups, rest });
  }
  return sums;
}

/** Whether it sums over the rows of both operands; a constant row may replace the transposed first operand. */
function sumsOverRows(node: Node): node is Product {
  if (isOp(node, 'Conv2DFilterGradient')) return true;
  if (!isOp(node, 'Gemm') || node.inputs.length !== 2 || node.attributes.transB) return false;
  const [a] = node.inputs;
  return node.attributes.transA || (a.shape[0] === 1 && fillValue(a) !== undefined);
}

function formOf({ op, inputs: [a, b], attributes }: Product): string {
  if (!('transA' in attributes)) return `${op} ${attributesKey(op, attributes)}`;
  return `${attributes.transA ? '' : fillValue(a)} ${a.shape} ${b.shape}`;
}
