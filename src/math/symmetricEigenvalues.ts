// The eigenvalues of a symmetric matrix, without its eigenvectors: Householder tridiagonalization, then QL with
// implicit shifts (Martin, Reinsch and Wilkinson 1968; Golub and Van Loan 2013, sections 8.3.1 and 8.3.5).

/**
 * The eigenvalues in ascending order. `a` is row-major [n, n]; only its lower triangle is read, and it is overwritten.
 * O(n³) time, 4/3 n³ operations. Throws if a number is not finite.
 */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  if (a.length !== n * n) throw new Error(`symmetricEigenvalues: ${a.length} numbers are not a ${n} by ${n} matrix`);
  if (!a.every(Number.isFinite)) throw new Error('symmetricEigenvalues: the matrix is not finite');
  const { diagonal, below } = tridiagonalize(a, n);
  diagonalize(diagonal, below);
  return diagonal.sort();
}

/** The diagonal [n] and the elements below it, where `below[i]` is in row i. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly below: Float64Array;
}

/** Reflects one row after the other, from the last, onto its element left of the diagonal. */
function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const [diagonal, below] = [new Float64Array(n), new Float64Array(n)];
  const q = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    diagonal[i] = a[i * n + i];
    if (i === 0) break;
    const v = a.subarray(i * n, i * n + i);
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    const last = v[i - 1];
    const alpha = last > 0 ? -norm : norm;
    below[i] = alpha;
    const h = norm * norm - alpha * last; // ‖v‖²/2 of the reflection I − vvᵀ/h
    if (!(h > 0)) {
      below[i] = last;
      continue;
    }
    v[i - 1] = last - alpha;
    multiplyLower(a, n, v, q);
    let k = 0;
    for (let j = 0; j < i; j++) k += v[j] * (q[j] /= h);
    for (let j = 0; j < i; j++) q[j] -= (k / (2 * h)) * v[j];
    for (let j = 0; j < i; j++) {
      const row = j * n;
      const [vj, qj] = [v[j], q[j]];
      for (let l = 0; l <= j; l++) a[row + l] -= vj * q[l] + qj * v[l];
    }
  }
  return { diagonal, below };
}

/** `out` = A v for the leading block of the size of `v`, from the lower triangle of A. */
function multiplyLower(a: Float64Array, n: number, v: Float64Array, out: Float64Array): void {
  for (let j = 0; j < v.length; j++) {
    const row = j * n;
    const vj = v[j];
    let sum = a[row + j] * vj;
    for (let l = 0; l < j; l++) {
      const x = a[row + l];
      sum += x * v[l];
      out[l] += x * vj;
    }
    out[j] = sum;
  }
}

/** Replaces the diagonal by the eigenvalues. */
function diagonalize(d: Float64Array, below: Float64Array): void {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(below.subarray(1));
  for (let l = 0; l < n; l++) {
    for (let turns = 0; ; turns++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      // Elements below the smallest normal numbers are never relatively small.
      if (turns === 60) throw new Error('symmetricEigenvalues: no convergence');
      shiftedSweep(d, e, l, m);
    }
  }
}

/** One implicit QL sweep over the rows l to m. */
function shiftedSweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const half = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.hypot(half, 1);
  let g = d[m] - d[l] + e[l] / (half + (half >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i], c * e[i]];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}
