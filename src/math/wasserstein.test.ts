// W₁ against closed forms, against every permutation, and against the axioms of a metric.
import { describe, expect, test } from 'vitest';
import { fillNormal, permutation } from './random';
import { wasserstein1 } from './wasserstein';

const points = (n: number, d: number, stream: string, step = 0) => {
  const out = new Float32Array(n * d);
  fillNormal(out, { seed: 1, stream, step });
  return out;
};
const move = (x: Float32Array, t: readonly number[]) => x.map((value, i) => value + t[i % t.length]);
const shuffle = (x: Float32Array, d: number) => {
  const order = permutation(x.length / d, { seed: 1, stream: 'order', step: 0 });
  return Float32Array.from({ length: x.length }, (_, i) => x[order[Math.floor(i / d)] * d + (i % d)]);
};

function everyPairing(x: Float32Array, y: Float32Array, d: number): number {
  const n = x.length / d;
  const cost = (i: number, j: number) =>
    Math.hypot(...Array.from({ length: d }, (_, k) => x[i * d + k] - y[j * d + k]));
  const least = (i: number, left: readonly number[]): number =>
    left.length === 0
      ? 0
      : Math.min(
          ...left.map(
            (j) =>
              cost(i, j) +
              least(
                i + 1,
                left.filter((k) => k !== j),
              ),
          ),
        );
  return least(0, [...Array(n).keys()]) / n;
}

describe('wasserstein1', () => {
  test.each([1, 2, 3, 8])('equals the minimum over all pairings of 6 points in R^%i', (d) => {
    for (let trial = 0; trial < 10; trial++) {
      const [x, y] = [points(6, d, 'x', trial), points(6, d, 'y', trial)];
      expect(wasserstein1(x, y, d)).toBeCloseTo(everyPairing(x, y, d), 10);
    }
  });

  test('is |t| for a set shifted by t: the parallel lines of Arjovsky et al., Example 1', () => {
    const x = points(256, 2, 'x');
    const t = [1.5, -2];
    expect(wasserstein1(x, shuffle(move(x, t), 2), 2)).toBeCloseTo(2.5, 5);
    const line = Float32Array.from({ length: 400 }, (_, i) => (i % 2 ? Math.fround(i / 400) : 0));
    expect(wasserstein1(line, shuffle(move(line, [0.25, 0]), 2), 2)).toBeCloseTo(0.25, 6);
  });

  test('is the area between the distribution functions in one dimension', () => {
    const [x, y] = [points(200, 1, 'x'), points(200, 1, 'y')];
    const cuts = [...x, ...y].sort((a, b) => a - b);
    const F = (set: Float32Array, at: number) => set.filter((value) => value <= at).length / set.length;
    let area = 0;
    for (let k = 0; k + 1 < cuts.length; k++) area += Math.abs(F(x, cuts[k]) - F(y, cuts[k])) * (cuts[k + 1] - cuts[k]);
    expect(wasserstein1(x, y, 1)).toBeCloseTo(area, 8);
  });

  test('is the same in one and two dimensions for points on a line', () => {
    const [x, y] = [points(200, 1, 'x'), points(200, 1, 'y')];
    const flat = (z: Float32Array) => Float32Array.from({ length: 400 }, (_, i) => (i % 2 ? 7 : z[i >> 1]));
    expect(wasserstein1(flat(x), flat(y), 2)).toBeCloseTo(wasserstein1(x, y, 1), 10);
  });

  test('is a metric: zero for equal sets in any order, symmetric, with the triangle inequality', () => {
    const [x, y, z] = ['x', 'y', 'z'].map((stream) => points(128, 2, stream));
    const [xy, yz, xz] = [wasserstein1(x, y, 2), wasserstein1(y, z, 2), wasserstein1(x, z, 2)];
    expect(wasserstein1(x, shuffle(x, 2), 2)).toBe(0);
    expect(wasserstein1(y, x, 2)).toBeCloseTo(xy, 12);
    expect(xz).toBeLessThan(xy + yz);
    expect(xy).toBeGreaterThan(0.1);
  });

  test('does not change its arguments', () => {
    const x = points(16, 1, 'x');
    const before = x.slice();
    wasserstein1(x, points(16, 1, 'y'), 1);
    expect(x).toEqual(before);
  });

  test('is 0 for empty sets, NaN for non-finite points, and rejects sets of different sizes', () => {
    expect(wasserstein1(new Float32Array(0), new Float32Array(0), 2)).toBe(0);
    expect(wasserstein1(new Float32Array([1, NaN]), new Float32Array(2), 2)).toBeNaN();
    expect(wasserstein1(new Float32Array([1]), new Float32Array([Infinity]), 1)).toBeNaN();
    expect(() => wasserstein1(new Float32Array(4), new Float32Array(6), 2)).toThrow('equally many points');
    expect(() => wasserstein1(new Float32Array(3), new Float32Array(3), 2)).toThrow('equally many points');
  });
});
