// The assignment solver against every permutation, and at larger sizes against the duals that certify optimality.
import { describe, expect, test } from 'vitest';
import { assign } from './assignment';
import { fillIntegers, generator, permutation } from './random';

const matrix = (n: number, f: (i: number, j: number) => number) =>
  Float64Array.from({ length: n * n }, (_, k) => f(Math.floor(k / n), k % n));

/** The minimum cost over all permutations of the columns from `taken` on, by brute force. */
function cheapest(c: Float64Array, n: number, i = 0, taken = 0): number {
  if (i === n) return 0;
  let least = Infinity;
  for (let j = 0; j < n; j++) {
    if (taken & (1 << j)) continue;
    least = Math.min(least, c[i * n + j] + cheapest(c, n, i + 1, taken | (1 << j)));
  }
  return least;
}

/**
 * Checks that `columns` is a permutation and that the duals prove it optimal: Σu + Σv is a lower bound of every
 * assignment.
 */
function certify(c: Float64Array, n: number, tolerance: number): number {
  const { columns, cost, u, v } = assign(c, n);
  expect([...columns].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  expect(cost).toBe(columns.reduce((sum, j, i) => sum + c[i * n + j], 0));
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) worst = Math.min(worst, c[i * n + j] - u[i] - v[j]);
  }
  expect(worst).toBeGreaterThanOrEqual(-tolerance);
  const bound = u.reduce((a, b) => a + b, 0) + v.reduce((a, b) => a + b, 0);
  expect(Math.abs(cost - bound)).toBeLessThanOrEqual(tolerance * n);
  return cost;
}

describe('assign', () => {
  test('equals the minimum over all permutations, n = 1 to 7, with costs of any sign', () => {
    const next = generator({ seed: 1, stream: 'costs', step: 0 });
    for (let n = 1; n <= 7; n++) {
      for (let trial = 0; trial < 20; trial++) {
        const c = matrix(n, () => 20 * next() - 10);
        expect(certify(c, n, 1e-12)).toBeCloseTo(cheapest(c, n), 10);
      }
    }
  });

  test('equals the minimum over all permutations with many ties', () => {
    for (let trial = 0; trial < 60; trial++) {
      const n = 6;
      const whole = new Uint32Array(n * n);
      fillIntegers(whole, 4, { seed: 2, stream: 'costs', step: trial });
      const c = Float64Array.from(whole);
      expect(certify(c, n, 0)).toBe(cheapest(c, n));
    }
  });

  test('finds a hidden permutation', () => {
    const n = 300;
    const hidden = permutation(n, { seed: 3, stream: 'hidden', step: 0 });
    const next = generator({ seed: 3, stream: 'costs', step: 0 });
    const c = matrix(n, (i, j) => (hidden[i] === j ? 1 : 1 + 1e-3 + next()));
    expect([...assign(c, n).columns]).toEqual([...hidden]);
  });

  test.each([
    ['uniform costs', () => generator({ seed: 4, stream: 'costs', step: 0 })],
    [
      'costs of a product, where every step of the greedy choice is wrong',
      () => {
        let k = 0;
        return () => (Math.floor(k / 256) + 1) * ((k++ % 256) + 1);
      },
    ],
    ['equal costs', () => () => 3],
  ])('is certified by its duals as optimal at n = 256: %s', (_, make) => {
    const next = make();
    const c = matrix(256, () => next());
    certify(c, 256, 1e-9);
  });

  test('solves the product matrix, whose optimum pairs ascending rows with descending columns', () => {
    const n = 50;
    const c = matrix(n, (i, j) => (i + 1) * (j + 1));
    expect(assign(c, n).cost).toBe((n * (n + 1) * (n + 2)) / 6); // Σ i (n+1−i)
  });

  test('accepts an empty matrix, and rejects costs that are not a matrix or not finite', () => {
    expect(assign(new Float64Array(0), 0).cost).toBe(0);
    expect(() => assign(new Float64Array(5), 2)).toThrow('5 costs are not a 2 by 2 matrix');
    expect(() => assign(new Float64Array([1, NaN, 2, NaN]), 2)).toThrow('not finite');
    expect(() => assign(new Float64Array([Infinity, Infinity, 2, 1]), 2)).toThrow('not finite');
  });
});
