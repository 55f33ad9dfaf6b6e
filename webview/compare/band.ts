// The band over several runs: at each step the median over them, and between what they move.
import type { StepRange, Series } from '../charts/chartPlan';
import { firstRowAtOrAfter } from '../curve/nearestStep';

/** Curves over common steps, NaN where no run has a value. Where only one has, there is no band: low and high are NaN. */
export interface BandCurves {
  readonly step: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
}

/**
 * The `tail` quantile, the median and the 1 − `tail` quantile over the tracks' values in `shown`; tail 0 gives minimum and
 * maximum. Where there are more steps than `buckets`, steps are taken together in buckets of a power of two that begin at
 * multiples of it, and a track's value in a bucket is its mean: that of a smoothed curve, a point of it. A run that ended
 * earlier counts as far as it goes.
 */
export function computeBand(
  tracks: readonly Series[],
  [from, to]: StepRange,
  buckets: number,
  tail: number,
): BandCurves {
  let size = 1;
  while ((to - from) / size > buckets) size *= 2;
  const first = Math.floor(from / size) - 1;
  const count = Math.max(0, Math.floor(to / size) + 1 - first + 1);
  const where = { sum: new Float64Array(count), n: new Float64Array(count) };
  const means = tracks.map((track) => bucketMeans(track, first, count, size, where));
  // A bucket stands at the mean of the steps that it has values of: at the one step of what is measured now and then.
  const step = where.sum.map((sum, i) => (where.n[i] > 0 ? sum / where.n[i] : (first + i) * size + (size - 1) / 2));
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
  return { step, low, mid, high };
}

/** The quantile of ascending values, linear between the two beside it (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const share = at - below;
  return share === 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[below + 1];
}

/** The mean of the finite values at steps of [(first + i) · size, (first + i + 1) · size), NaN where there are none; their steps are added to `where`. */
function bucketMeans(
  { step, values }: Series,
  first: number,
  count: number,
  size: number,
  where: { readonly sum: Float64Array; readonly n: Float64Array },
): Float64Array {
  const means = new Float64Array(count).fill(NaN);
  let row = firstRowAtOrAfter(step, first * size);
  for (let i = 0; i < count; i++) {
    const end = (first + i + 1) * size;
    let sum = 0;
    let n = 0;
    for (; row < step.length && step[row] < end; row++) {
      if (!Number.isFinite(values[row])) continue;
      sum += values[row];
      n++;
      where.sum[i] += step[row];
      where.n[i]++;
    }
    if (n > 0) means[i] = sum / n;
  }
  return means;
}
