// Order statistics for timings.

/** The middle value, or the mean of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The q-quantile, with linear interpolation. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}

export function smallest(values: readonly number[]): number {
  return values.reduce((least, v) => Math.min(least, v), Infinity);
}
