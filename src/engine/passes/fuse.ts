// A bias added to a product that nothing else uses becomes the third operand of the Gemm.
import { isOp, type Node } from '../graph/node';
import { rewrite, useCounts, type Make } from './rewrite';

export function fuseBias(outputs: readonly Node[], build: Make): Node[] {
  const uses = useCounts(outputs);
  const replace = (node: Node, inputs: readonly Node[]): Node | undefined => {
    if (!isOp(node, 'Add')) return undefined;
    for (const [g, b] of [
      [0, 1],
      [1, 0],
    ]) {
      // prettier-ignore
      const [gemm, bias] = [inputs[g], inputs[b]];
      const lone = isOp(gemm, 'Gemm') && gemm.inputs.length === 2 && uses.get(node.inputs[g]) === 1;
      if (lone && bias.shape.length === 1 && bias.shape[0] === gemm.shape[1])
        return build('Gemm', [...gemm.inputs, bias], gemm.attributes);
    }
    return undefined;
  };
  return rewrite(outputs, replace, build);
}
