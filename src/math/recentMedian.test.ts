// The value of a noisy curve.
import { expect, it } from 'vitest';
import { medianFilter } from './median';
import { maxRecentCount, recentCount, recentMedian, smoothingWindow } from './recentMedian';

it('is the end of the smoothed curve, at any length', () => {
  for (const rows of [1, 2, 74, 75, 300, 1000, 20_000]) {
    const curve = Float64Array.from({ length: rows }, (_, i) => Math.sin(i * i));
    const window = smoothingWindow(rows);
    expect(recentMedian(rows, curve)).toBe(medianFilter(curve, window).at(-1));
    expect(recentMedian(rows, curve.subarray(-recentCount(rows)))).toBe(medianFilter(curve, window).at(-1));
  }
  expect([74, 75, 1000, 20_000].map(smoothingWindow)).toEqual([1, 3, 31, 501]);
  expect(recentCount(20_000)).toBe(maxRecentCount);
});

it('ignores steps without a value', () => {
  expect(recentMedian(1000, [NaN, 3, NaN])).toBe(3);
  expect(recentMedian(0, [])).toBeNaN();
});
