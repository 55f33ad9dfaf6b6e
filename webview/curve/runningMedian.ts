// Updates a median-filtered curve incrementally: appended values change only its end.
import { medianFilter } from '../../src/math/median';
import { createGrowableArray } from './growableArray';

export interface RunningMedian {
  /** `medianFilter` of all values, as long as the curve. A view, valid until the next update. */
  readonly values: Float64Array;
  /** `curve` must be the curve of the last update with values appended. */
  update(curve: ArrayLike<number> & { subarray(from: number): ArrayLike<number> }): void;
}

/**
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
    },
  };
}
