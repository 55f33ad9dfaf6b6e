// Fuses Add into Gemm: a bias or another summand becomes the third operand, if the product has no other use.
import { isOp, type Node } from '../graph/node';
import { sameShape } from '../graph/shapes';
import { rewrite, useCounts, type Make } from './rewrite';

export function fuseGemmSums(outputs: readonly Node[], build: Make): Node[] {
  const uses = useCounts(outputs);
  const replace = (node: Node, inputs: readonly Node[]): Node | undefined => {
    if (!isOp(node, 'Add')) return undefined;
    for (const [g, s] of [
      [0, 1],
      [1, 0],
    ]) {
      const [gemm, summand] = [inputs[g], inputs[s]];
      const fusable = isOp(gemm, 'Gemm') && gemm.inputs.length === 2 && uses.get(node.inputs[g]) === 1;
      const fits = sameShape(summand.shape, gemm.shape) || sameShape(summand.shape, gemm.shape.slice(1));
      if (fusable && fits) return build('Gemm', [...gemm.inputs, summand], gemm.attributes);
    }
    return undefined;
  };
  return rewrite(outputs, replace, build);
}
