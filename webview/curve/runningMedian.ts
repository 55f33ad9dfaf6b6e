// Smooths a curve incrementally: appended values change only its end.
import { median, medianFilter } from '../../src/math/median';
import { createGrowableArray } from './growableArray';

type Values = ArrayLike<number> & { subarray(from: number, to?: number): ArrayLike<number> };

export interface RunningMedian {
  /** A smoothed value for each value of the curve. A view, valid until the next update. */
  readonly values: Float64Array;
  /** `curve` must be the curve of the last update with values appended. */
  update(curve: Values): void;
}

/**
 * A centered median over `window` values. At the start the window is as long as fits symmetrically, so that the
 * smoothed curve begins where the raw one does; at the end it is cut off, so that the last value is steady.
 *
 * With w = `window` and h = (w − 1)/2, value i depends on the curve in [i − h, i + h]. If the curve had n values, those
 * from n − h on used a shortened window; recomputing them needs the curve from n − 2h on.
 */
export function createRunningMedian(window: number): RunningMedian {
  const half = (window - 1) / 2;
  const filtered = createGrowableArray(Float64Array);
  return {
    get values() {
      return filtered.values;
    },
    update(curve) {
      const n = filtered.values.length;
      if (curve.length === n) return;
      const from = Math.max(0, n - 2 * half);
      const settled = Math.max(0, n - half);
      const tail = medianFilter(curve.subarray(from), window);
      filtered.truncate(settled);
      filtered.append(tail.subarray(settled - from));
      for (let i = settled; i < Math.min(half, curve.length); i++)
        filtered.values[i] = median(curve.subarray(0, 2 * i + 1));
    },
  };
}
