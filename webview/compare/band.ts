// The band over several runs: their median and two quantiles at each step.
import type { XRange, Series } from '../charts/chartPlan';
import { firstRowAtOrAfter } from '../curve/nearestStep';

/** Curves over common positions; NaN where no run has a value. With a single value, `low` and `high` are NaN. */
export interface BandCurves {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
}

/**
 * The `tail` quantile, the median and the 1 − `tail` quantile over the runs' values in [from, to]; tail 0 gives
 * minimum and maximum. Positions are grouped into at most `buckets` buckets whose size is `least` times a power of
 * two and which start at multiples of it; a run's value in a bucket is its mean there. A run that ended earlier counts
 * up to its end.
 */
export function computeBand(
  runs: readonly Series[],
  [from, to]: XRange,
  buckets: number,
  tail: number,
  least = 1,
): BandCurves {
  let size = least;
  while ((to - from) / size > buckets) size *= 2;
  const first = Math.floor(from / size) - 1;
  const count = Math.max(0, Math.floor(to / size) + 1 - first + 1);
  const sums = { sum: new Float64Array(count), n: new Float64Array(count) };
  const means = runs.map((run) => bucketMeans(run, first, count, size, sums));
  // A bucket is drawn at the mean of the positions that have values, which is exact for sparse columns.
  const x = sums.sum.map((sum, i) => (sums.n[i] > 0 ? sum / sums.n[i] : (first + i) * size + (size - least) / 2));
  const [low, mid, high] = [0, 0, 0].map(() => new Float64Array(count).fill(NaN));
  for (let i = 0; i < count; i++) {
    const values = means
      .map((mean) => mean[i])
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    if (values.length === 0) continue;
    mid[i] = quantile(values, 0.5);
    if (values.length === 1) continue;
    low[i] = quantile(values, tail);
    high[i] = quantile(values, 1 - tail);
  }
  return { x, low, mid, high };
}

/** The quantile of ascending values with linear interpolation (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const share = at - below;
  return share === 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[below + 1];
}

/**
 * The mean of the finite values at positions in [(first + i) · size, (first + i + 1) · size), or NaN. Adds up their
 * positions in `sums`.
 */
function bucketMeans(
  { x, values }: Series,
  first: number,
  count: number,
  size: number,
  sums: { readonly sum: Float64Array; readonly n: Float64Array },
): Float64Array {
  const means = new Float64Array(count).fill(NaN);
  let row = firstRowAtOrAfter(x, first * size);
  for (let i = 0; i < count; i++) {
    const end = (first + i + 1) * size;
    let sum = 0;
    let n = 0;
    for (; row < x.length && x[row] < end; row++) {
      if (!Number.isFinite(values[row])) continue;
      sum += values[row];
      n++;
      sums.sum[i] += x[row];
      sums.n[i]++;
    }
    if (n > 0) means[i] = sum / n;
  }
  return means;
}
