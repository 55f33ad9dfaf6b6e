// What ONNX Runtime's graph optimizations would do for a graph of matrix products and elementwise operations on a CPU.
// They take most of the time of creating a session, and all that they find in such a graph is done here.
import { isOp, make, topologicalOrder, type Node } from '../graph/node';
import type { FusedActivation, Op } from '../graph/ops';
import { elementwise } from './layout';
import { rewrite, useCounts } from './rewrite';

/** Besides elementwise operations, those that only take part in the fusion below. */
const others: ReadonlySet<Op> = new Set<Op>([
  ...(['Leaf', 'Constant', 'Fill', 'Identity', 'Gemm', 'Reshape', 'Expand', 'Concat', 'Slice', 'Split'] as const),
  ...(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'] as const),
]);

/** Whether ONNX Runtime would fuse nothing but activations: not for convolutions, transposes, softmax or the GELU. */
export const fusesOnlyActivations = (outputs: readonly Node[]): boolean =>
  topologicalOrder(outputs).every(({ op }) => op !== 'Erf' && (elementwise.has(op) || others.has(op)));

/** Fuses an activation with the matrix product before it, if the product has no other use. */
export function fuseGemmActivations(outputs: readonly Node[]): Node[] {
  const uses = useCounts(outputs);
  return rewrite(outputs, (node, [gemm]) => {
    const activation = activationOf(node);
    if (activation === undefined || !isOp(gemm, 'Gemm') || gemm.attributes.activation) return undefined;
    return uses.get(node.inputs[0]) === 1 ? make('Gemm', gemm.inputs, { ...gemm.attributes, activation }) : undefined;
  });
}

function activationOf(node: Node): FusedActivation | undefined {
  if (isOp(node, 'Relu') || isOp(node, 'Tanh') || isOp(node, 'Softplus')) return { op: node.op };
  if (isOp(node, 'Elu')) return { op: 'Elu', alpha: 1 };
  if (isOp(node, 'LeakyRelu')) return { op: 'LeakyRelu', alpha: node.attributes.alpha };
  if (isOp(node, 'Selu')) return { op: 'Selu', ...node.attributes };
  return undefined;
}
