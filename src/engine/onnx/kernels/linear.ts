// Kernels of matrix products, plain and with a bias and an activation, and of batch normalisation.
import type * as tf from '@tensorflow/tfjs-core';
import { finish } from './fused';
import {
  broadcast,
  cast,
  float,
  make,
  reshape,
  scalar,
  sizeOf,
  transpose,
  wider,
  type Lowering,
  type Node,
} from './kernel';

/** [..., M, K] x [..., K, N]; two plain matrices become one Gemm, which takes transposes for free. */
function product(a: Node, b: Node, transA: boolean, transB: boolean): Node {
  const plain = (x: Node): boolean => sizeOf(x.shape.slice(0, -2)) === 1;
  const lead = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (plain(a) && plain(b)) {
    const y = make('Gemm', [matrix(a), matrix(b)], { transA, transB });
    return reshape(y, [...lead, ...y.shape]);
  }
  const swap = (x: Node): Node => transpose(x, [...x.shape.keys()].map((i, _, { length: r }) => (i < r - 2 ? i : 2 * r - 3 - i))); // prettier-ignore
  return make('MatMul', [transA ? swap(a) : a, transB ? swap(b) : b], {});
}

const matrix = (x: Node): Node => reshape(x, x.shape.slice(-2));

export const BatchMatMul: Lowering<tf.BatchMatMulAttrs> = ({ a, b }, { transposeA, transposeB }) =>
  cast(product(float(a), float(b), transposeA, transposeB), wider(a.dtype, b.dtype));

export const _FusedMatMul: Lowering<tf._FusedMatMulAttrs> = ({ a, b, bias, preluActivationWeights }, attributes) => {
  const y = product(float(a), float(b), attributes.transposeA, attributes.transposeB);
  return finish(y, bias, attributes, preluActivationWeights);
};

/** scale (x - mean) / sqrt(variance + epsilon) + offset */
export const FusedBatchNorm: Lowering<tf.FusedBatchNormAttrs> = ({ x, mean, variance, scale, offset }, a) => {
  const deviation = make('Sqrt', [make('Add', [variance, scalar(a.varianceEpsilon ?? 0.001)], {})], {});
  const inverse = make('Reciprocal', [deviation], {});
  const gain = scale ? make('Mul', [scale, inverse], {}) : inverse;
  const y = make('Mul', [make('Sub', [x, mean], {}), gain], {});
  return offset ? make('Add', [y, offset], {}) : y;
};
