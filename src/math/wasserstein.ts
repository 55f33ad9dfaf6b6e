// The exact Wasserstein-1 distance between two finite sets of points.
import { assign } from './assignment';

/**
 * W₁ between the uniform measures on two sets of n points in R^d under the Euclidean distance:
 * min over permutations π of (1/n) Σᵢ ‖xᵢ − y_π(i)‖₂. The minimum over couplings is attained at a permutation
 * (Birkhoff and von Neumann). `x` and `y` are row-major [n, d]; meant for n ≤ 1024. NaN if a coordinate is not
 * finite (the generator diverged), 0 for no points.
 */
export function wasserstein1(x: Float32Array, y: Float32Array, d: number): number {
  const n = x.length / d;
  if (!Number.isInteger(n) || x.length !== y.length) {
    throw new Error(
      `wasserstein1: ${x.length} and ${y.length} numbers are not equally many points with ${d} coordinates`,
    );
  }
  if (n === 0) return 0;
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) return NaN;
  return d === 1 ? sorted(x, y) : assign(distances(x, y, n, d), n).cost / n;
}

/** In one dimension the sorted pairing is optimal for every convex cost. */
function sorted(x: Float32Array, y: Float32Array): number {
  const [a, b] = [x.slice().sort(), y.slice().sort()];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

/** ‖xᵢ − yⱼ‖₂, row-major [n, n]. */
function distances(x: Float32Array, y: Float32Array, n: number, d: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let k = 0; k < d; k++) square += (x[i * d + k] - y[j * d + k]) ** 2;
      c[i * n + j] = Math.sqrt(square);
    }
  }
  return c;
}
