// Finds sums of products A₁ᵀB₁ + A₂ᵀB₂, such as weight gradients, which batch fusion computes as one product of
// concatenated matrices, [A₁; A₂]ᵀ[B₁; B₂].
import { fillValue, isOp, topologicalOrder, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { useCounts } from './rewrite';

export type Product = Node<'Gemm'>;

export interface Sum {
  /** The products of each group can be computed as one. */
  readonly groups: readonly (readonly Product[])[];
  /** All other summands. */
  readonly rest: readonly Node[];
}

/**
 * The sums with at least two products that can be computed as one, by the root of the sum. Groups are ordered by the
 * `positions` of their operands. `isWorthCopying` gets the number of rows of the operands and the shape of the product.
 */
export function sumsOfProducts(
  outputs: readonly Node[],
  positions: ReadonlyMap<Node, number>,
  isWorthCopying: (rows: number, shape: readonly number[]) => boolean,
): Map<Node, Sum> {
  const uses = useCounts(outputs);
  const sums = new Map<Node, Sum>();
  const partialSums = new Set<Node>();
  const positionOf = ({ inputs: [a, b] }: Product): number => positions.get(b) ?? positions.get(a) ?? positions.size;
  // A product with a constant row needs no copies if the other operand is in a group.
  const isFusable = ({ inputs: [a, b], attributes: { transA }, shape }: Product): boolean =>
    (!transA && fillValue(a) !== undefined && positions.has(b)) || isWorthCopying(b.shape[0], shape);
  for (const node of topologicalOrder(outputs).reverse()) {
    if (!isOp(node, 'Add') || partialSums.has(node)) continue;
    const byForm = new Map<string, Product[]>();
    const rest: Node[] = [];
    const addTerm = (term: Node): void => {
      const isOwn = term === node || (uses.get(term) === 1 && sameShape(term.shape, node.shape));
      if (isOwn && isOp(term, 'Add')) {
        partialSums.add(term);
        term.inputs.forEach(addTerm);
      } else if (isOwn && isOp(term, 'Gemm') && sumsOverRows(term) && isFusable(term)) {
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

/** Whether the product sums over the rows of both operands; a constant row may replace the transposed first operand. */
const sumsOverRows = ({ inputs, attributes: { transA, transB } }: Product): boolean =>
  inputs.length === 2 && !transB && (transA || (inputs[0].shape[0] === 1 && fillValue(inputs[0]) !== undefined));

const formOf = ({ inputs: [a, b], attributes: { transA } }: Product): string =>
  `${transA ? '' : fillValue(a)} ${a.shape} ${b.shape}`;
