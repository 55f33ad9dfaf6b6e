// The squared maximum mean discrepancy between two sets of feature vectors under a cubic kernel: the KID, if the
// features are those of Inception.
import { permutation, type Key } from './random';

/** k of vector i of one set and vector j of the same or another. */
type Kernel = (i: number, j: number) => number;

/**
 * The unbiased estimate of MMD² under k(x, y) = (xᵀy/d + 1)³ (Bińkowski et al. 2018, Demystifying MMD GANs, section 3
 * and equation 3), over random subsets of both sets, row-major [n, d], as torch-fidelity and clean-fid compute it.
 * @returns the mean and the standard deviation over the subsets
 */
export function kernelDistance(
  x: Float32Array,
  y: Float32Array,
  d: number,
  { subsets, size, key }: { readonly subsets: number; readonly size: number; readonly key: Key },
): { readonly mean: number; readonly deviation: number } {
  const drawn = (values: Float32Array, name: string, step: number): Uint32Array =>
    permutation(values.length / d, { ...key, stream: `${key.stream}/${name}`, step }).subarray(0, size);
  const [xx, yy, xy] = [cubicKernel(x, x, d), cubicKernel(y, y, d), cubicKernel(x, y, d)];
  const estimates = Array.from({ length: subsets }, (_, step) => {
    const [p, q] = [drawn(x, 'x', step), drawn(y, 'y', step)];
    return within(xx, p) + within(yy, q) - 2 * across(xy, p, q);
  });
  const mean = estimates.reduce((sum, value) => sum + value, 0) / subsets;
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / subsets;
  return { mean, deviation: Math.sqrt(variance) };
}

/** The mean of k over pairs of different vectors of a subset. */
function within(kernel: Kernel, rows: Uint32Array): number {
  const n = rows.length;
  let sum = 0;
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) sum += kernel(rows[i], rows[j]);
  return (2 * sum) / (n * (n - 1));
}

/** The mean of k over pairs of vectors of two subsets. */
function across(kernel: Kernel, rows: Uint32Array, columns: Uint32Array): number {
  let sum = 0;
  for (const i of rows) for (const j of columns) sum += kernel(i, j);
  return sum / (rows.length * columns.length);
}

/** Up to this many pairs, 64 MiB, a value is computed once for all subsets. */
const mostPairs = 2 ** 23;

function cubicKernel(x: Float32Array, y: Float32Array, d: number): Kernel {
  const compute: Kernel = (i, j) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i * d + k] * y[j * d + k];
    return (sum / d + 1) ** 3;
  };
  const [n, m] = [x.length / d, y.length / d];
  if (n * m > mostPairs) return compute;
  const known = new Float64Array(n * m);
  const isKnown = new Uint8Array(n * m);
  return (i, j) => {
    const at = x === y && i < j ? j * m + i : i * m + j;
    if (isKnown[at] === 0) {
      known[at] = compute(i, j);
      isKnown[at] = 1;
    }
    return known[at];
  };
}
