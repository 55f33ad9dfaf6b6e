// Sums of images under one linear map: L x + L y = L (x + y), where L is a product with a constant matrix between
// reshapes and transposes. The filter gradients of D(x), D(x̃) and D(x̂) are summed before the last map of Winograd's
// algorithm, which is then applied once.
import { isOp, type Node } from '../graph/node';
import { attributesKey } from './commonSubexpressions';
import { rewrite, useCounts, type Make } from './rewrite';

export function sumBeforeMaps(outputs: readonly Node[], build: Make): Node[] {
  const uses = useCounts(outputs);
  return rewrite(
    outputs,
    (node, inputs) => {
      if (!isOp(node, 'Add') || node.inputs.some((input) => uses.get(input) !== 1)) return undefined;
      const [a, b] = inputs.map(mapped);
      if (!a || !b || !sameMap(a.map, b.map)) return undefined;
      const sum = build('Add', [a.argument, b.argument], {});
      return a.map.reduceRight<Node>(
        (x, { op, inputs: [matrix], attributes }) => build(op, op === 'MatMul' ? [matrix, x] : [x], attributes),
        sum,
      );
    },
    build,
  );
}

interface Mapped {
  /** The operations of the map, the last one first. */
  readonly map: readonly Node[];
  readonly argument: Node;
}

/** Undefined if the node is not a product with a constant matrix, reshaped and transposed. */
function mapped(node: Node): Mapped | undefined {
  const map: Node[] = [];
  let at = node;
  while (isOp(at, 'Reshape') || isOp(at, 'Transpose')) {
    map.push(at);
    [at] = at.inputs;
  }
  return isOp(at, 'MatMul') && isOp(at.inputs[0], 'Constant')
    ? { map: [...map, at], argument: at.inputs[1] }
    : undefined;
}

const sameMap = (a: readonly Node[], b: readonly Node[]): boolean =>
  a.length === b.length && a.every((node, i) => keyOf(node) === keyOf(b[i]));

const keyOf = (node: Node): string =>
  node.op === 'MatMul' ? `${node.inputs[0].id}` : `${node.op} ${attributesKey(node.op, node.attributes)}`;
