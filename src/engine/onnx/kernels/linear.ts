// Matrix products, also with bias and activation, and normalization.
import * as tf from '@tensorflow/tfjs-core';
import { applyBiasAndActivation } from './fusedActivation';
import {
  broadcast,
  cast,
  constant,
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

/** [..., M, K] x [..., K, N]. Two matrices become a Gemm, in which transposes are free. */
function product(a: Node, b: Node, transA: boolean, transB: boolean): Node {
  if (Math.min(a.shape.length, b.shape.length) < 2)
    throw new Error(`matMul needs matrices, got [${a.shape}] and [${b.shape}]`);
  const plain = (x: Node): boolean => sizeOf(x.shape.slice(0, -2)) === 1;
  const lead = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (plain(a) && plain(b)) {
    const y = make('Gemm', [matrix(a), matrix(b)], { transA, transB });
    return reshape(y, [...lead, ...y.shape]);
  }
  const swap = (x: Node): Node =>
    transpose(
      x,
      [...x.shape.keys()].map((i, _, { length: r }) => (i < r - 2 ? i : 2 * r - 3 - i)),
    );
  return make('MatMul', [transA ? swap(a) : a, transB ? swap(b) : b], {});
}

const matrix = (x: Node): Node => reshape(x, x.shape.slice(-2));

export const BatchMatMul: Lowering<tf.BatchMatMulAttrs> = ({ a, b }, { transposeA, transposeB }) =>
  cast(product(float(a), float(b), transposeA, transposeB), wider(a.dtype, b.dtype));

export const _FusedMatMul: Lowering<tf._FusedMatMulAttrs> = ({ a, b, bias, preluActivationWeights }, attributes) => {
  const y = product(float(a), float(b), attributes.transposeA, attributes.transposeB);
  return applyBiasAndActivation(y, bias, attributes, preluActivationWeights);
};

/** scale (x - mean) / sqrt(variance + epsilon) + offset */
export const FusedBatchNorm: Lowering<tf.FusedBatchNormAttrs> = ({ x, mean, variance, scale, offset }, a) => {
  const deviation = make('Sqrt', [make('Add', [variance, scalar(a.varianceEpsilon ?? 0.001)], {})], {});
  const inverse = make('Reciprocal', [deviation], {});
  const gain = scale ? make('Mul', [scale, inverse], {}) : inverse;
  const y = make('Mul', [make('Sub', [x, mean], {}), gain], {});
  return offset ? make('Add', [y, offset], {}) : y;
};

export const Einsum: Lowering<tf.EinsumAttrs> = (inputs, { equation }) => {
  const xs = Object.values(inputs);
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, xs.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, xs as unknown as tf.Tensor[]);
  return make('Einsum', xs, { equation: equation.replace(/\s/g, '') });
};

/** x (b + α Σ x²)^(-β), the sum over the channels within the radius (Krizhevsky et al. 2012, section 3.3). */
export const LRN: Lowering<tf.LRNAttrs> = ({ x }, { depthRadius, bias, alpha, beta }) => {
  const channels = x.shape.at(-1)!;
  const near = Float32Array.from({ length: channels ** 2 }, (_, i) =>
    Number(Math.abs(Math.floor(i / channels) - (i % channels)) <= depthRadius),
  );
  const squares = reshape(make('Mul', [float(x), float(x)], {}), [sizeOf(x.shape) / channels, channels]);
  const sums = make('Gemm', [squares, constant(near, [channels, channels], 'float32')], {
    transA: false,
    transB: false,
  });
  const scale = make('Add', [make('Mul', [reshape(sums, x.shape), scalar(alpha)], {}), scalar(bias)], {});
  return make('Mul', [float(x), make('Pow', [scale, scalar(-beta)], {})], {});
};
