// The Fréchet distance between two sets of feature vectors, each taken as a Gaussian: the FID, if the features are
// those of Inception.
import { symmetricEigenvalues } from './symmetricEigenvalues';

/** The mean [d], and the covariance [d, d], divided by n − 1. */
interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * ‖μ − μ̃‖² + tr(Σ + Σ̃ − 2 (Σ Σ̃)^½) (Heusel et al. 2017, equation 6; Dowson and Landau 1982). `x` and `y` are
 * row-major [n, d] with at least 2 rows each. O(n d² + d³) time and O(d²) memory; NaN if a number is not finite.
 */
export function frechetDistance(x: Float32Array, y: Float32Array, d: number): number {
  const [nx, ny] = [x.length / d, y.length / d];
  if (!Number.isInteger(nx) || !Number.isInteger(ny) || nx < 2 || ny < 2)
    throw new Error(`frechetDistance: ${x.length} and ${y.length} numbers are not two sets of vectors of ${d}`);
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) return NaN;
  const [a, b] = [moments(x, d), moments(y, d)];
  let distance = 0;
  for (let k = 0; k < d; k++) {
    distance += (a.mean[k] - b.mean[k]) ** 2 + a.covariance[k * d + k] + b.covariance[k * d + k];
  }
  return distance - 2 * traceOfRoot(a.covariance, b.covariance, d);
}

/**
 * The trace of (A B)^½ for positive semidefinite A and B: with A = LLᵀ, the square roots of the eigenvalues of LᵀBL,
 * which are those of AB. No square root of a matrix is needed, and A may be singular.
 */
function traceOfRoot(a: Float64Array, b: Float64Array, d: number): number {
  const factor = pivotedCholesky(a, d);
  const rank = factor.length / d;
  const product = multiply(factor, b, d); // LᵀB
  const inner = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++) {
    const row = product.subarray(i * d, (i + 1) * d);
    for (let j = 0; j <= i; j++) inner[i * rank + j] = dot(row, factor.subarray(j * d, (j + 1) * d));
  }
  return symmetricEigenvalues(inner, rank).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

function moments(x: Float32Array, d: number): Moments {
  const n = x.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < x.length; i += d) for (let k = 0; k < d; k++) mean[k] += x[i + k] / n;
  const covariance = new Float64Array(d * d);
  const rows = Array.from({ length: 4 }, () => new Float64Array(d));
  // Four samples at a time, because the matrix is larger than the caches. Missing ones count as the mean.
  for (let i = 0; i < n; i += 4) {
    rows.forEach((row, r) => {
      for (let k = 0; k < d; k++) row[k] = i + r < n ? x[(i + r) * d + k] - mean[k] : 0;
    });
    const [p, q, r, s] = rows;
    for (let k = 0; k < d; k++) {
      const [pk, qk, rk, sk] = [p[k], q[k], r[k], s[k]];
      for (let j = 0; j <= k; j++) covariance[k * d + j] += pk * p[j] + qk * q[j] + rk * r[j] + sk * s[j];
    }
  }
  for (let k = 0; k < d; k++) {
    for (let j = 0; j <= k; j++) covariance[j * d + k] = covariance[k * d + j] /= n - 1;
  }
  return { mean, covariance };
}

/**
 * L of A = LLᵀ for a positive semidefinite [d, d], as its transpose [rank, d]; what remains of A is smaller than the
 * rounding of its largest element (Higham 1990, Analysis of the Cholesky decomposition of a semi-definite matrix).
 */
function pivotedCholesky(a: Float64Array, d: number): Float64Array {
  const remaining = Float64Array.from({ length: d }, (_, k) => a[k * d + k]);
  const least = d * Number.EPSILON * Math.max(...remaining);
  const factor = new Float64Array(d * d);
  for (let rank = 0; rank < d; rank++) {
    let pivot = 0;
    for (let k = 1; k < d; k++) if (remaining[k] > remaining[pivot]) pivot = k;
    if (!(remaining[pivot] > least)) return factor.subarray(0, rank * d);
    const column = factor.subarray(rank * d, (rank + 1) * d);
    column.set(a.subarray(pivot * d, (pivot + 1) * d));
    for (let j = 0; j < rank; j++) addMultiple(column, factor.subarray(j * d, (j + 1) * d), -factor[j * d + pivot]);
    const root = Math.sqrt(remaining[pivot]);
    for (let k = 0; k < d; k++) {
      column[k] = remaining[k] > 0 ? column[k] / root : 0; // exactly zero at earlier pivots
      remaining[k] -= column[k] ** 2;
    }
    remaining[pivot] = -Infinity;
  }
  return factor;
}

/** The product [rows, d] of a [rows, d] and b [d, d]. */
function multiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i += d) {
    const row = out.subarray(i, i + d);
    for (let k = 0; k < d; k++) addMultiple(row, b.subarray(k * d, (k + 1) * d), a[i + k]);
  }
  return out;
}

function addMultiple(target: Float64Array, source: Float64Array, factor: number): void {
  for (let k = 0; k < target.length; k++) target[k] += factor * source[k];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
