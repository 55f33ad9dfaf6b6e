// Counts values into the buckets that TensorBoard draws.
import type { Histogram } from './eventMessages';

/**
 * The histogram of `values` in `buckets` of equal width between the least and the greatest of them. Values that are not
 * finite are left out of it and of `num`; without a finite one there is nothing to draw, and the result is null.
 */
export function histogramOf(values: ArrayLike<number>, buckets = 30): Histogram | null {
  let [min, max, num, sum, sumSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (!Number.isFinite(x)) continue;
    if (x < min) min = x;
    if (x > max) max = x;
    num++;
    sum += x;
    sumSquares += x * x;
  }
  if (num === 0) return null;
  // Values that are all the same get one bucket, a little wider than nothing, because TensorBoard draws areas.
  if (min === max) return { min, max, num, sum, sumSquares, limits: [max], counts: [num] };
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    counts[Math.min(buckets - 1, Math.floor((values[i] - min) / width))]++;
  }
  const limits = counts.map((_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  return { min, max, num, sum, sumSquares, limits, counts };
}
