// The matrices of Winograd's minimal filtering algorithm F(m, r), by the Toom–Cook construction (Lavin, Gray 2016, Fast
// Algorithms for Convolutional Neural Networks, section 4; Barabasz et al. 2020, Error Analysis and Improving the
// Accuracy of Winograd Convolution for Deep Neural Networks, section 3).

/** A matrix as a list of rows. */
export type Matrix = readonly (readonly number[])[];

/** m outputs of a filter with r taps are Aᵀ((G g) ∘ (Bᵀ d)), with m + r - 1 products instead of m r. */
export interface Winograd {
  /** [m + r - 1, m + r - 1], for the inputs. */
  readonly BT: Matrix;
  /** [m + r - 1, r], for the filter. */
  readonly G: Matrix;
  /** [m, m + r - 1], for the products. */
  readonly AT: Matrix;
}

/**
 * The points at which the polynomials are evaluated, besides infinity, by their number m + r - 2: of those searched,
 * the ones with the smallest rounding error. Relative to a result of 128 channels in float32 it is 4.4e-7 for
 * F(2×2, 2×2), 3.6e-7 for F(2×2, 3×3), 8e-7 for F(4×4, 2×2) and 1.1e-6 for F(4×4, 3×3) (winogradMatrices.test.ts).
 */
const points: Readonly<Record<number, readonly number[]>> = {
  2: [0, -1],
  3: [0, 1, -1],
  4: [0, -1, 0.5, 2],
  5: [0, 0.75, 1.5, -1.5, -0.625],
};

export function winograd(m: number, r: number): Winograd {
  const finite = points[m + r - 2];
  const others = (at: number): number[] => finite.filter((_, i) => i !== at);
  const scale = (at: number): number => others(at).reduce((product, q) => product * (finite[at] - q), 1);
  const powers = (p: number, count: number): number[] => Array.from({ length: count }, (_, j) => p ** j);
  const last = (count: number): number[] => Array.from({ length: count }, (_, j) => Number(j === count - 1));
  return {
    BT: [...finite.map((_, i) => [...coefficients(others(i)), 0]), coefficients(finite)],
    G: [...finite.map((p, i) => powers(p, r).map((x) => x / scale(i))), last(r)],
    AT: transposed([...finite.map((p) => powers(p, m)), last(m)]),
  };
}

/** The coefficients of the product of all x - root, from the constant one upwards. */
const coefficients = (roots: readonly number[]): number[] =>
  roots.reduce<number[]>((c, root) => [...c, 0].map((_, i) => (c[i - 1] ?? 0) - root * (c[i] ?? 0)), [1]);

export const transposed = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));

/** Kronecker product: applies `a` along the first and `b` along the second of two axes. */
export const kronecker = (a: Matrix, b: Matrix): Matrix =>
  a.flatMap((r) => b.map((s) => r.flatMap((x) => s.map((y) => x * y))));
