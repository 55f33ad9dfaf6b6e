// Distances between two distributions on the same finite set: the divergences that GANs minimize, and W₁ on a line.

/** Probabilities of the outcomes of a finite set, or of the cells of a grid: nonnegative, with sum 1. */
export type Probabilities = ArrayLike<number>;

/** Σ p log(p/q) in nats; ∞ if p has mass where q has none. Kullback and Leibler 1951. */
export const klDivergence = (p: Probabilities, q: Probabilities): number =>
  sum(p, q, (p, q) => (p === 0 ? 0 : q === 0 ? Infinity : p * Math.log(p / q)));

/** ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2, in nats: 0 to log 2, which it is for disjoint supports. Lin 1991. */
export const jensenShannon = (p: Probabilities, q: Probabilities): number =>
  sum(p, q, (p, q) => {
    // p/m as 2p/(p + q), which is not 0/0 for the smallest numbers.
    const half = (a: number) => (a === 0 ? 0 : 0.5 * a * Math.log((2 * a) / (p + q)));
    return half(p) + half(q);
  });

/** ½ Σ |p − q| = max over events A of |P(A) − Q(A)|: 0 to 1. */
export const totalVariation = (p: Probabilities, q: Probabilities): number => sum(p, q, (p, q) => Math.abs(p - q) / 2);

/** Σ (p − q)²/q; ∞ if p has mass where q has none. Pearson 1900; neyman(p, q) = pearson(q, p). */
export const pearsonChiSquare = (p: Probabilities, q: Probabilities): number =>
  sum(p, q, (p, q) => (p === q ? 0 : q === 0 ? Infinity : (p - q) ** 2 / q));

/** `klDivergence` of the logarithms of probabilities, which hold what is too small for a probability. */
export const klDivergenceOfLogs = (logP: ArrayLike<number>, logQ: ArrayLike<number>): number =>
  sum(logP, logQ, (a, b) => {
    const p = Math.exp(a);
    return p === 0 ? 0 : p * (a - b);
  });

/** `pearsonChiSquare` of the logarithms of probabilities, as Σ p²/q − 1. */
export const chiSquareOfLogs = (logP: ArrayLike<number>, logQ: ArrayLike<number>): number =>
  Math.max(0, sum(logP, logQ, (a, b) => (a === -Infinity ? 0 : Math.exp(2 * a - b))) - 1);

/** Σ (√p − √q)²: 0 to 2, which it is for disjoint supports. Twice the squared Hellinger distance of some texts. */
export const squaredHellinger = (p: Probabilities, q: Probabilities): number =>
  sum(p, q, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2);

/**
 * W₁ between two distributions on the same increasing positions of a line: ∫ |F_p − F_q| dx, in the unit of the
 * positions (Vallender 1974).
 */
export function wasserstein1OnLine(p: Probabilities, q: Probabilities, positions: ArrayLike<number>): number {
  sameLength(p, positions);
  let difference = 0; // F_p − F_q up to the current position
  let total = 0;
  for (let k = 0; k + 1 < p.length; k++) {
    difference += p[k] - q[k];
    total += Math.abs(difference) * (positions[k + 1] - positions[k]);
  }
  return total;
}

/** The probabilities of the cells around increasing, equally spaced positions, from a density; rescaled to sum 1. */
export function discretize(density: (x: number) => number, positions: ArrayLike<number>): Float64Array {
  const mass = Float64Array.from(positions, density);
  const total = mass.reduce((a, b) => a + b, 0);
  return mass.map((m) => m / total);
}

/** The density of N(mean, deviation²). */
export const gaussianDensity =
  (mean: number, deviation: number) =>
  (x: number): number =>
    Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));

function sum(p: Probabilities, q: Probabilities, term: (p: number, q: number) => number): number {
  sameLength(p, q);
  let total = 0;
  for (let k = 0; k < p.length; k++) total += term(p[k], q[k]);
  return total;
}

function sameLength(p: ArrayLike<number>, q: ArrayLike<number>): void {
  if (p.length !== q.length) throw new Error(`divergences: ${p.length} and ${q.length} outcomes are not the same set`);
}
