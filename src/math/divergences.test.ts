import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import {
  discretize,
  gaussianDensity,
  jensenShannon,
  klDivergence,
  pearsonChiSquare,
  squaredHellinger,
  totalVariation,
  wasserstein1OnLine,
} from './divergences';
import { wasserstein1 } from './wasserstein';

const grid = Float64Array.from({ length: 40_001 }, (_, k) => -20 + k / 1000);
const normal = (mean: number, deviation: number) => discretize(gaussianDensity(mean, deviation), grid);

describe('between two normal distributions', () => {
  const cases = [
    [0, 1, 0, 1],
    [0, 1, 1.5, 1],
    [-1, 0.5, 1, 2],
    [0.3, 2, 0, 0.8],
  ] as const;
  it.each(cases)('N(%f, %f²) and N(%f, %f²) equal the closed forms', (m1, s1, m2, s2) => {
    const [p, q] = [normal(m1, s1), normal(m2, s2)];
    expect(klDivergence(p, q)).toBeCloseTo(Math.log(s2 / s1) + (s1 ** 2 + (m1 - m2) ** 2) / (2 * s2 ** 2) - 0.5, 8);
    const overlap =
      Math.sqrt((2 * s1 * s2) / (s1 ** 2 + s2 ** 2)) * Math.exp(-((m1 - m2) ** 2) / (4 * (s1 ** 2 + s2 ** 2)));
    expect(squaredHellinger(p, q)).toBeCloseTo(2 - 2 * overlap, 8);
    if (s1 === s2) {
      expect(wasserstein1OnLine(p, q, grid)).toBeCloseTo(Math.abs(m1 - m2), 8);
      // TV = 2Φ(|m₁ − m₂|/(2s)) − 1 = erf(|m₁ − m₂|/(2√2 s)); erf by its series.
      expect(totalVariation(p, q)).toBeCloseTo(erf(Math.abs(m1 - m2) / (2 * Math.SQRT2 * s1)), 6);
      expect(pearsonChiSquare(p, q)).toBeCloseTo(Math.exp((m1 - m2) ** 2 / s1 ** 2) - 1, 6);
    }
  });
});

function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe('between distributions without common support', () => {
  const [p, q] = [
    [0.25, 0.75, 0, 0],
    [0, 0, 0.5, 0.5],
  ];
  it('KL and χ² are infinite, JS is log 2, TV is 1 and H² is 2, however far apart they are', () => {
    expect(klDivergence(p, q)).toBe(Infinity);
    expect(pearsonChiSquare(p, q)).toBe(Infinity);
    expect(jensenShannon(p, q)).toBeCloseTo(Math.LN2, 12);
    expect(totalVariation(p, q)).toBe(1);
    expect(squaredHellinger(p, q)).toBeCloseTo(2, 12);
  });
  it('JS is finite where a probability is the smallest number', () => {
    expect(jensenShannon([5e-324, 1], [0, 1])).toBe(0);
  });
  it('W₁ grows with the distance', () => {
    expect(wasserstein1OnLine([1, 0], [0, 1], [0, 3])).toBe(3);
    expect(wasserstein1OnLine([1, 0], [0, 1], [0, 300])).toBe(300);
  });
});

describe('between random distributions', () => {
  const next = uniform(3);
  const random = (n: number) => {
    const mass = Array.from({ length: n }, (_, k) => (k > 0 && next() < 0.2 ? 0 : next()));
    const total = mass.reduce((a, b) => a + b, 0);
    return mass.map((m) => m / total);
  };
  it('the inequalities of Pinsker, of Le Cam and of W₁ and TV hold', () => {
    for (let k = 0; k < 200; k++) {
      const n = 2 + Math.floor(next() * 10);
      const [p, q] = [random(n), random(n)];
      const [tv, h2] = [totalVariation(p, q), squaredHellinger(p, q)];
      expect(2 * tv ** 2).toBeLessThanOrEqual(klDivergence(p, q) + 1e-12);
      expect(h2 / 2).toBeLessThanOrEqual(tv + 1e-12);
      expect(tv).toBeLessThanOrEqual(Math.sqrt(h2 * (1 - h2 / 4)) + 1e-12);
      const positions = Array.from({ length: n }, (_, k) => k);
      const w1 = wasserstein1OnLine(p, q, positions);
      expect(w1).toBeGreaterThanOrEqual(tv - 1e-12);
      expect(w1).toBeLessThanOrEqual((n - 1) * tv + 1e-12);
    }
  });
  it('W₁ on a line equals exact assignment for multiples of a common mass', () => {
    const [x, y] = [Float32Array.of(0, 0, 1, 4), Float32Array.of(1, 3, 3, 4)];
    const positions = [0, 1, 3, 4];
    const [p, q] = [
      [0.5, 0.25, 0, 0.25],
      [0, 0.25, 0.5, 0.25],
    ];
    expect(wasserstein1OnLine(p, q, positions)).toBeCloseTo(wasserstein1(x, y, 1), 12);
  });
  it('different numbers of outcomes are refused', () => {
    expect(() => klDivergence([1], [0.5, 0.5])).toThrow('1 and 2 outcomes');
  });
});
