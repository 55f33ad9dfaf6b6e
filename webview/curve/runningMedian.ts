// The median-filtered curve, kept up to date as values come: only its end changes, so only its end is computed anew.
import { medianFilter } from '../../src/math/statistics';
import { createGrowableArray } from './growableArray';

export interface RunningMedian {
  /** The filtered curve, as long as the curve: `medianFilter` of all its values. A view, valid until the next update. */
  readonly values: Float64Array;
  /** `curve` is what it was at the last update, with values appended. */
  update(curve: ArrayLike<number> & { subarray(from: number): ArrayLike<number> }): void;
}

/**
 * With w = `window` and h = (w − 1)/2, value i depends on the curve in [i − h, i + h]. Where the curve had n values, those
 * from n − h on were taken over a shortened window; they and the new ones need the curve from n − 2h on.
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
    },
  };
}
