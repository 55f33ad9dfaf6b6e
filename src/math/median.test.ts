// Medians against the definition: sort the window at every position.
import { describe, expect, test } from 'vitest';
import { fillIntegers, fillNormal } from './random';
import { median, medianFilter } from './median';

const plain = (values: readonly number[]) => {
  const s = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (s.length === 0) return NaN;
  return s.length % 2 ? s[(s.length - 1) / 2] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2;
};

test('the median is the middle value or the mean of the middle two, and ignores NaN', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median(new Float32Array([4, 1, 2, 3]))).toBe(2.5);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([NaN, 5, NaN])).toBe(5);
  expect(median([-Infinity, Infinity, Infinity, Infinity])).toBe(Infinity);
  expect(median([1e308, 1.5e308])).toBeCloseTo(1.25e308, -300);
  expect(median([])).toBeNaN();
  expect(median([NaN])).toBeNaN();
});

describe('medianFilter', () => {
  const noise = (n: number) => {
    const out = new Float32Array(n);
    fillNormal(out, { seed: 1, stream: 'noise', step: n });
    return Array.from(out);
  };
  const ties = (n: number) => {
    const out = new Uint32Array(n);
    fillIntegers(out, 5, { seed: 1, stream: 'ties', step: n });
    return Array.from(out);
  };
  const holes = (n: number) => noise(n).map((value, i) => (i % 3 === 0 || (i > 20 && i < 60) ? NaN : value));

  test.each([
    ['noise', noise],
    ['ties', ties],
    ['holes', holes],
  ] as const)('equals the median of each window: %s', (_, make) => {
    for (const n of [0, 1, 2, 7, 100, 333]) {
      for (const window of [1, 3, 21, 101]) {
        const values = make(n);
        const half = (window - 1) / 2;
        const expected = values.map((_, i) => plain(values.slice(Math.max(0, i - half), i + half + 1)));
        expect([...medianFilter(values, window)]).toEqual(expected);
      }
    }
  });

  test('removes spikes shorter than half the window and keeps an edge', () => {
    const edge = Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 1));
    const spiked = edge.map((value, i) => (i % 100 < 20 && i > 20 && i < 380 && (i < 120 || i > 290) ? 50 : value));
    expect([...medianFilter(edge)]).toEqual(edge);
    expect(Math.max(...medianFilter(spiked))).toBe(1);
  });

  test('rejects an even window', () => {
    expect(() => medianFilter([1], 4)).toThrow('window is 4');
    expect(() => medianFilter([1], 0)).toThrow('window is 0');
  });
});
