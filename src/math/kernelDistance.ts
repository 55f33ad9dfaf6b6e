// The squared maximum mean discrepancy between two sets of feature vectors under a cubic kernel: the KID, if the
// features are those of Inception.
import { permutation, type Key } from './random';

/** Vectors [n, d], row-major. */
interface Vectors {
  readonly values: Float32Array;
  readonly rows: Uint32Array;
}

/**
 * The unbiased estimate of MMD² under k(x, y) = (xᵀy/d + 1)³ (Bińkowski et al. 2018, Demystifying MMD GANs, section 3
 * and equation 3), over random subsets of both sets, as torch-fidelity and clean-fid compute it.
 * @returns the mean and the standard deviation over the subsets
 */
export function kernelDistance(
  x: Float32Array,
  y: Float32Array,
  d: number,
  { subsets, size, key }: { readonly subsets: number; readonly size: number; readonly key: Key },
): { readonly mean: number; readonly deviation: number } {
  const drawn = (values: Float32Array, name: string, step: number): Vectors => ({
    values,
    rows: permutation(values.length / d, { ...key, stream: `${key.stream}/${name}`, step }).subarray(0, size),
  });
  const estimates = Array.from({ length: subsets }, (_, step) =>
    unbiasedMmd(drawn(x, 'x', step), drawn(y, 'y', step), d),
  );
  const mean = estimates.reduce((sum, value) => sum + value, 0) / subsets;
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / subsets;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Means of the kernel over pairs of different vectors within each set, minus twice the mean across the sets. */
function unbiasedMmd(x: Vectors, y: Vectors, d: number): number {
  return within(x, d) + within(y, d) - 2 * across(x, y, d);
}

function within({ values, rows }: Vectors, d: number): number {
  const n = rows.length;
  let sum = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) sum += kernel(values, rows[i] * d, values, rows[j] * d, d);
  }
  return (2 * sum) / (n * (n - 1));
}

function across(x: Vectors, y: Vectors, d: number): number {
  let sum = 0;
  for (const i of x.rows) for (const j of y.rows) sum += kernel(x.values, i * d, y.values, j * d, d);
  return sum / (x.rows.length * y.rows.length);
}

function kernel(x: Float32Array, i: number, y: Float32Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += x[i + k] * y[j + k];
  return (sum / d + 1) ** 3;
}
