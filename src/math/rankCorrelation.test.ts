import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { spearman, spearmanInterval } from './rankCorrelation';

describe('spearman', () => {
  it('equals 1 − 6 Σd²/(n³ − n) without ties', () => {
    // d = (−1, 1, −2, 1, 1), so Σd² is 8.
    expect(spearman([1, 2, 3, 4, 5], [20, 10, 50, 30, 40])).toBeCloseTo(1 - (6 * 8) / 120, 12);
  });
  it('equals the value of scipy.stats.spearmanr with ties', () => {
    expect(spearman([1, 2, 2, 3, 4], [1, 3, 2, 2, 5])).toBeCloseTo(0.763157894736842, 12);
  });
  it('is 1 for any increasing relation, −1 for a decreasing one, and NaN for a constant', () => {
    const x = [0.1, 0.5, 2, 3, 8];
    expect(spearman(x, x.map(Math.exp))).toBeCloseTo(1, 12);
    expect(
      spearman(
        x,
        x.map((v) => -(v ** 3)),
      ),
    ).toBeCloseTo(-1, 12);
    expect(spearman(x, [1, 1, 1, 1, 1])).toBeNaN();
  });
  it('leaves out pairs that are not finite', () => {
    expect(spearman([1, 2, NaN, 4], [2, 3, 9, 8])).toBeCloseTo(1, 12);
  });
});

describe('the block bootstrap', () => {
  it('gives an interval around the correlation, wider for autocorrelated series', () => {
    const next = uniform(5);
    const noise = (n: number) => Array.from({ length: n }, () => next() - 0.5);
    const walk = (values: number[]) => {
      let sum = 0;
      return values.map((v) => (sum = 0.95 * sum + v));
    };
    const [a, b] = [noise(300), noise(300)];
    const independent = spearmanInterval(a, b);
    expect(independent.low).toBeLessThan(0);
    expect(independent.high).toBeGreaterThan(0);
    const [x, y] = [walk(a), walk(b)];
    const [narrow, wide] = [1, 30].map((block) => spearmanInterval(x, y, { block }));
    expect(wide.high - wide.low).toBeGreaterThan(1.5 * (narrow.high - narrow.low));
    expect(wide.low).toBeLessThan(spearman(x, y));
    expect(wide.high).toBeGreaterThan(spearman(x, y));
  });
  it('is the same for the same seed', () => {
    const [x, y] = [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [2, 1, 4, 3, 6, 5, 8, 7],
    ];
    expect(spearmanInterval(x, y, { seed: 3 })).toEqual(spearmanInterval(x, y, { seed: 3 }));
  });
});
