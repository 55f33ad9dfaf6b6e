// The band over several runs: their median and two quantiles at each step.
import type { StepRange, Series } from '../charts/chartPlan';
import { firstRowAtOrAfter } from '../curve/nearestStep';

/** Curves over common steps; NaN where no run has a value. With a single value, `low` and `high` are NaN. */
export interface BandCurves {
  readonly step: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
}

/**
 * The `tail` quantile, the median and the 1 − `tail` quantile over the runs' values in [from, to]; tail 0 gives
 * minimum and maximum. More than `buckets` steps are grouped into buckets whose size is a power of two and which start
 * at multiples of it; a run's value in a bucket is its mean there. A run that ended earlier counts up to its end.
 */
export function computeBand(runs: readonly Series[], [from, to]: StepRange, buckets: number, tail: number): BandCurves {
  let size = 1;
  while ((to - from) / size > buckets) size *= 2;
  const first = Math.floor(from / size) - 1;
  const count = Math.max(0, Math.floor(to / size) + 1 - first + 1);
  const stepSums = { sum: new Float64Array(count), n: new Float64Array(count) };
  const means = runs.map((run) => bucketMeans(run, first, count, size, stepSums));
  // A bucket is drawn at the mean of the steps that have values, which is exact for sparse columns.
  const step = stepSums.sum.map((sum, i) =>
    stepSums.n[i] > 0 ? sum / stepSums.n[i] : (first + i) * size + (size - 1) / 2,
  );
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

/** The quantile of ascending values with linear interpolation (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const share = at - below;
  return share === 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[below + 1];
}

/**
 * The mean of the finite values at steps in [(first + i) · size, (first + i + 1) · size), or NaN. Adds up their steps
 * in `stepSums`.
 */
function bucketMeans(
  { step, values }: Series,
  first: number,
  count: number,
  size: number,
  stepSums: { readonly sum: Float64Array; readonly n: Float64Array },
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
      stepSums.sum[i] += step[row];
      stepSums.n[i]++;
    }
    if (n > 0) means[i] = sum / n;
  }
  return means;
}
