// Incremental smoothing.
import { describe, expect, it } from 'vitest';
import { median, medianFilter } from '../../src/math/median';
import { uniform } from '../../test/support/random';
import { createRunningMedian } from './runningMedian';

describe('a running median', () => {
  /** The window is as long as fits symmetrically at the start, and cut off at the end. */
  const expected = (curve: Float64Array, window: number) => {
    const half = (window - 1) / 2;
    const filtered = medianFilter(curve, window);
    return filtered.map((value, i) => (i < half ? median(curve.subarray(0, 2 * i + 1)) : value));
  };

  it.each([1, 3, 5, 101])('over %i equals the filter of the whole curve after every update', (window) => {
    const random = uniform(window);
    const curve = Float64Array.from({ length: 700 }, () => (random() < 0.1 ? NaN : Math.round(20 * random())));
    const running = createRunningMedian(window);
    for (let n = 0; n < curve.length; ) {
      n = Math.min(curve.length, n + Math.floor(random() * (random() < 0.2 ? 250 : 4)));
      running.update(curve.subarray(0, n));
      expect(running.values).toEqual(expected(curve.subarray(0, n), window));
    }
  });
});
