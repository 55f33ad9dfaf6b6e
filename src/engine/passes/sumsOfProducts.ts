// Sums of products: Aᵀ₁B₁ + Aᵀ₂B₂ is the product of A₁ upon A₂, transposed, with B₁ upon B₂. Found here, made by stacking.
import { isOp, topologicalOrder, fillValue, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { useCounts } from './rewrite';

export type Product = Node<'Gemm'>;

/** A sum as products of which each stands for a group of alike, and what else is added. */
export interface Sum {
  readonly groups: readonly (readonly Product[])[];
  readonly rest: readonly Node[];
}

/**
 * The sums in which two products or more can be made one, by the node of the whole sum, each group in the order of the
 * places of its operands. `isWorthIt` is asked for the rows of a product's operands and its shape.
 */
export function sumsOfProducts(
  outputs: readonly Node[],
  places: ReadonlyMap<Node, number>,
  isWorthIt: (rows: number, shape: readonly number[]) => boolean,
): Map<Node, Sum> {
  const uses = useCounts(outputs);
  const sums = new Map<Node, Sum>();
  const within = new Set<Node>();
  const placeOf = ({ inputs: [a, b] }: Product): number => places.get(b) ?? places.get(a) ?? places.size;
  // Of a product with equal numbers nothing is laid anew where the other operand has its place.
  const isLaid = ({ inputs: [a, b], attributes: { transA }, shape }: Product): boolean =>
    (!transA && fillValue(a) !== undefined && places.has(b)) || isWorthIt(b.shape[0], shape);
  for (const node of topologicalOrder(outputs).reverse()) {
    if (!isOp(node, 'Add') || within.has(node)) continue;
    const byForm = new Map<string, Product[]>();
    const rest: Node[] = [];
    const take = (term: Node): void => {
      const own = term === node || (uses.get(term) === 1 && sameShape(term.shape, node.shape));
      if (own && isOp(term, 'Add')) {
        within.add(term);
        term.inputs.forEach(take);
      } else if (own && isOp(term, 'Gemm') && sumsRows(term) && isLaid(term)) {
        const form = formOf(term);
        byForm.set(form, [...(byForm.get(form) ?? []), term]);
      } else {
        rest.push(term);
      }
    };
    take(node);
    const groups = [...byForm.values()].map((products) => products.sort((p, q) => placeOf(p) - placeOf(q)));
    if (groups.some((products) => products.length > 1)) sums.set(node, { groups, rest });
  }
  return sums;
}

/** Whether the rows of both operands are what is summed over; those of a row of equal numbers are its columns. */
const sumsRows = ({ inputs, attributes: { transA, transB } }: Product): boolean =>
  inputs.length === 2 && !transB && (transA || (inputs[0].shape[0] === 1 && fillValue(inputs[0]) !== undefined));

const formOf = ({ inputs: [a, b], attributes: { transA } }: Product): string =>
  `${transA ? '' : fillValue(a)} ${a.shape} ${b.shape}`;
