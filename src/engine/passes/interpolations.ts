// The points x̂ = εx + (1 − ε)x̃ of a gradient penalty are multiplied by the same weights as x and x̃. A product is
// linear, so that of x̂ is the sum of theirs, with the same factors, which takes no product at all.
import { isOp, topologicalOrder, withoutReshapes, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { attributesKey } from './commonSubexpressions';
import { isProduct, type BatchProduct } from './fusionGroups';
import type { Make } from './rewrite';

export function interpolateProducts(outputs: readonly Node[], build: Make): Node[] {
  const products = new Map<string, Node>();
  for (const node of topologicalOrder(outputs)) if (isProduct(node)) products.set(keyOf(node, node.inputs[0]), node);
  /** The products of the two batches that a batch is computed from, with their factors. */
  const termsOf = (node: Node): readonly Term[] | undefined => {
    // A dense layer over pixels or time steps has more rows than samples, and then a factor is not one for each row.
    const terms = isProduct(node) ? weightedTerms(withoutReshapes(node.inputs[0]), node.shape[0]) : undefined;
    const found = terms?.flatMap(({ factor, batch }) => {
      const product = products.get(keyOf(node as BatchProduct, batch));
      return product ? [{ factor, batch: product }] : [];
    });
    return found?.length === 2 ? found : undefined;
  };
  const dependencies = (node: Node): readonly Node[] =>
    termsOf(node)?.flatMap(({ factor, batch }) => [factor, batch]) ?? node.inputs;
  const rebuilt = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs, dependencies)) {
    const shape = node.shape.map((length, axis) => (axis === 0 ? length : 1));
    const terms = termsOf(node)?.map(({ factor, batch }) =>
      build('Mul', [rebuilt.get(batch)!, build('Reshape', [rebuilt.get(factor)!], { shape })], {}),
    );
    const inputs = terms ?? node.inputs.map((input) => rebuilt.get(input)!);
    if (terms) rebuilt.set(node, build('Add', inputs, {}));
    else rebuilt.set(node, isOp(node, 'Leaf') || node.data ? node : build(node.op, inputs, node.attributes));
  }
  return outputs.map((output) => rebuilt.get(output)!);
}

const keyOf = ({ op, attributes, inputs: [, weights] }: BatchProduct, batch: Node): string =>
  `${op} ${attributesKey(op, attributes)} ${weights.id} ${withoutReshapes(batch).id}`;

interface Term {
  readonly batch: Node;
  /** One number for each sample. */
  readonly factor: Node;
}

/** The terms of a sum of two batches, each with a factor for each of `samples`; undefined for anything else. */
function weightedTerms(node: Node, samples: number): readonly Term[] | undefined {
  if (!isOp(node, 'Add') || node.shape[0] !== samples) return undefined;
  const terms = node.inputs.flatMap((input): readonly Term[] => {
    const term = withoutReshapes(input);
    const at = isOp(term, 'Mul') ? term.inputs.findIndex((f) => isFactor(f, term)) : -1;
    return at < 0 ? [] : [{ factor: term.inputs[at], batch: term.inputs[1 - at] }];
  });
  return terms.length === 2 ? terms : undefined;
}

/** Whether `factor` has one number for each sample of the batch `product`. */
const isFactor = (factor: Node, { shape }: Node): boolean =>
  factor.shape.length === shape.length && factor.shape[0] === shape[0] && sizeOf(factor.shape) === shape[0];
