// Downsampling of curves.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { downsample } from './downsample';

describe('downsampling', () => {
  const random = uniform(3);
  const n = 5000;
  const steps = Float64Array.from({ length: n }, (_, i) => 3 * i + 1);
  const dense = Float32Array.from({ length: n }, () => random() ** 4);
  const sparse = Float64Array.from({ length: n }, (_, i) => (i % 200 === 199 ? i : NaN));
  const finite = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

  it('keeps all points of a range that fits, except values that are not finite', () => {
    const { x, ys } = downsample(steps, [Float32Array.of(1, NaN, Infinity, 4), steps], 0, 4, 4);
    expect(x).toEqual([1, 4, 7, 10]);
    expect(ys).toEqual([
      [1, null, null, 4],
      [1, 4, 7, 10],
    ]);
  });

  it.each([
    [0, n, 100],
    [123, 4000, 317],
    [0, n, 1],
    [17, 18, 1],
  ])('rows [%i, %i) to %i buckets keeps order, ends and extremes', (from, to, buckets) => {
    const { x, ys } = downsample(steps, [dense, sparse], from, to, buckets);
    expect(x.length).toBeLessThanOrEqual(2 * (buckets + 1));
    expect(x.length).toBe(ys[0].length);
    expect(x.every((step, i) => i === 0 || step > x[i - 1])).toBe(true);
    expect([x[0], x.at(-1)]).toEqual([steps[from], steps[to - 1]]);
    const shown = dense.subarray(from, to);
    expect(Math.min(...finite(ys[0]))).toBe(Math.min(...shown));
    expect(Math.max(...finite(ys[0]))).toBe(Math.max(...shown));
    const kept = new Set(finite(ys[1]));
    if (to - from < 200 * buckets) for (let i = 199; i < to; i += 200) expect(kept.has(i)).toBe(i >= from);
  });

  it('keeps the minimum and maximum of every bucket in their order', () => {
    const values = Float32Array.of(5, 1, 9, 2, 7, 7, 7, 7);
    expect(downsample(steps, [values], 0, 8, 2)).toEqual({ x: [1, 10, 13, 22], ys: [[1, 9, 7, 7]] });
    expect(downsample(steps, [Float32Array.of(3, 9, 1, 2)], 0, 4, 1).ys).toEqual([[9, 1]]);
    expect(downsample(steps, [Float32Array.of(Infinity, 3, -Infinity, 3)], 0, 4, 1).ys).toEqual([[3, 3]]);
    // A single value in a bucket is one point.
    expect(downsample(steps, [Float32Array.of(NaN, 9, NaN, NaN)], 0, 4, 1).ys).toEqual([[9, null]]);
  });

  it('does not change the points of full buckets when the curve grows', () => {
    const [before, after] = [4000, 4090].map((to) => downsample(steps, [dense], 0, to, 600));
    expect(before.x.length).toBe(1000);
    expect(after.x.slice(0, 1000)).toEqual(before.x);
    expect(after.ys[0].slice(0, 1000)).toEqual(before.ys[0]);
  });
});
