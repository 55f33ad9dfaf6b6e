// Fidelity and diversity of generated samples, by the manifolds of two sets of feature vectors: around each vector a
// ball that reaches to its k-th neighbor in its own set.

export interface Manifolds {
  /** Share of generated vectors in the real manifold, and of real ones in the generated (Kynkäänniemi et al. 2019). */
  readonly precision: number;
  readonly recall: number;
  /** Mean number of real balls around a generated vector, divided by k (Naeem et al. 2020); can be above 1. */
  readonly density: number;
  /** Share of real balls with a generated vector in them (Naeem et al. 2020). */
  readonly coverage: number;
}

/**
 * Compares `real` and `generated`, row-major [n, d], of more than k vectors each; in O(n² d) time and O(n k) memory.
 * NaN if a number is not finite.
 */
export function compareManifolds(real: Float32Array, generated: Float32Array, d: number, k: number): Manifolds {
  if (![real, generated].every((set) => set.every(Number.isFinite)))
    return { precision: NaN, recall: NaN, density: NaN, coverage: NaN };
  const [realRadii, generatedRadii] = [neighborDistances(real, d, k), neighborDistances(generated, d, k)];
  const [n, m] = [realRadii.length, generatedRadii.length];
  const inReal = new Uint32Array(m); // real balls around each generated vector
  let [recalled, covered] = [0, 0];
  for (let i = 0; i < n; i++) {
    let [isRecalled, isCovered] = [false, false];
    for (let j = 0; j < m; j++) {
      const square = squaredDistance(real, i * d, generated, j * d, d);
      if (square < realRadii[i]) {
        inReal[j]++;
        isCovered = true;
      }
      if (square < generatedRadii[j]) isRecalled = true;
    }
    if (isRecalled) recalled++;
    if (isCovered) covered++;
  }
  return {
    precision: inReal.filter((count) => count > 0).length / m,
    recall: recalled / n,
    density: inReal.reduce((sum, count) => sum + count, 0) / (k * m),
    coverage: covered / n,
  };
}

/** The squared distance of each vector to its k-th neighbor. */
function neighborDistances(x: Float32Array, d: number, k: number): Float64Array {
  const n = x.length / d;
  if (!Number.isInteger(n) || n <= k)
    throw new Error(`neighborDistances: ${x.length} numbers are not more than ${k} vectors of ${d}`);
  const nearest = new Float64Array(n * k).fill(Infinity); // ascending in each row
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const square = squaredDistance(x, i * d, x, j * d, d);
      insert(nearest, i * k, k, square);
      insert(nearest, j * k, k, square);
    }
  }
  return Float64Array.from({ length: n }, (_, i) => nearest[i * k + k - 1]);
}

/** Inserts a value into an ascending row of the k smallest. */
function insert(nearest: Float64Array, row: number, k: number, value: number): void {
  let at = row + k - 1;
  if (!(value < nearest[at])) return;
  for (; at > row && nearest[at - 1] > value; at--) nearest[at] = nearest[at - 1];
  nearest[at] = value;
}

function squaredDistance(x: Float32Array, i: number, y: Float32Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = x[i + k] - y[j + k];
    sum += difference * difference;
  }
  return sum;
}
