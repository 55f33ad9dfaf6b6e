// Distances between shapes on a line, against closed forms.
import { describe, expect, it } from 'vitest';
import { distancesApart, type LineShape, massesOf } from './lineDistributions';

const gaussian = (width: number, noise = 0): LineShape => ({ kind: 'gaussian', width, noise });
const uniform = (width: number, noise = 0): LineShape => ({ kind: 'uniform', width, noise });
const between = (p: LineShape, q: LineShape, apart: number) => distancesApart(massesOf(p), massesOf(q), apart);

/** ∫ p²/q − 1 by the sum over a fine grid. */
function pearson(s: number, r: number, apart: number): number {
  const log = (x: number, width: number) => -((x / width) ** 2) / 2 - Math.log(width * Math.sqrt(2 * Math.PI));
  let total = 0;
  for (let x = -100; x < 100; x += 0.01) total += 0.01 * Math.exp(2 * log(x, s) - log(x - apart, r));
  return total - 1;
}

describe('between Gaussians', () => {
  it.each([
    [1, 0.9, 0],
    [1, 1, 2],
    [0.5, 1.5, 3],
    [1.2, 1, 4],
    [0.2, 0.3, 8],
  ])('the closed forms hold for σ = %d and %d, %d apart', (s, r, apart) => {
    const { kl, reverseKl, hellinger, chiSquare } = between(gaussian(s), gaussian(r), apart);
    const klOf = (s: number, r: number) => Math.log(r / s) + (s ** 2 + apart ** 2) / (2 * r ** 2) - 0.5;
    expect(kl).toBeCloseTo(klOf(s, r), 6);
    expect(reverseKl).toBeCloseTo(klOf(r, s), 6);
    const overlap = Math.sqrt((2 * s * r) / (s ** 2 + r ** 2)) * Math.exp(-(apart ** 2) / (4 * (s ** 2 + r ** 2)));
    expect(hellinger).toBeCloseTo(2 - 2 * overlap, 6);
    expect(chiSquare / pearson(s, r, apart)).toBeCloseTo(1, 6);
  });

  it('W₁ is the distance if the widths are equal, and JS and TV are those of the overlap', () => {
    const { w1, tv, js } = between(gaussian(1), gaussian(1), 2);
    expect(w1).toBeCloseTo(2, 9);
    // 2 Φ(1) − 1
    expect(tv).toBeCloseTo(0.68269, 3);
    expect(js).toBeGreaterThan(0.2);
    expect(js).toBeLessThan(Math.LN2);
  });

  it('stays finite where the masses underflow, and χ² is infinite if p is too wide', () => {
    const far = between(gaussian(0.2), gaussian(0.2), 8);
    expect(far.kl).toBeCloseTo(8 ** 2 / (2 * 0.2 ** 2), 3);
    expect(far.js).toBeCloseTo(Math.LN2, 9);
    expect(between(gaussian(1.5), gaussian(1), 0)).toMatchObject({
      chiSquare: Infinity,
      kl: expect.closeTo(0.2195, 3),
    });
  });
});

describe('between uniform distributions', () => {
  it('everything but W₁ is at its maximum if the supports are disjoint', () => {
    for (const apart of [2, 3, -7]) {
      const found = between(uniform(1), uniform(0.5), apart);
      expect(found).toMatchObject({ kl: Infinity, reverseKl: Infinity, chiSquare: Infinity });
      expect(found.js).toBeCloseTo(Math.LN2, 9);
      expect(found.tv).toBeCloseTo(1, 9);
      expect(found.hellinger).toBeCloseTo(2, 9);
      expect(found.w1).toBeCloseTo(Math.abs(apart), 9);
    }
  });

  it('the divergence from the narrower one is finite', () => {
    const found = between(uniform(0.5), uniform(1), 0);
    expect(found.kl).toBeCloseTo(Math.LN2, 9);
    expect(found.chiSquare).toBeCloseTo(1, 9);
    expect(found.reverseKl).toBe(Infinity);
    expect(found.w1).toBeCloseTo(0.25, 9);
  });
});

describe('instance noise', () => {
  it('makes the divergences of disjoint supports finite, and leaves W₁', () => {
    const found = between(uniform(0.5, 0.5), uniform(0.5, 0.5), 3);
    expect(Object.values(found).every(Number.isFinite)).toBe(true);
    expect(found.js).toBeLessThan(Math.LN2);
    expect(found.w1).toBeCloseTo(3, 9);
  });

  it('adds its variance to that of a Gaussian', () => {
    expect(between(gaussian(0.3, 0.4), gaussian(0.3, 0.4), 1)).toEqual(between(gaussian(0.5), gaussian(0.5), 1));
  });

  it('gives a uniform distribution its variance plus that of the noise', () => {
    const { mass } = massesOf(uniform(1, 0.3));
    const variance = mass.reduce((sum, m, k) => sum + m * ((k - 1199.5) * 0.05) ** 2, 0);
    // The cells of width 0.05 take 0.05²/12 from the variance of the uniform distribution.
    expect(variance).toBeCloseTo(1 / 3 + 0.09 - 0.05 ** 2 / 12, 9);
  });

  it('decides with the width whether χ² between a Gaussian and a uniform distribution is finite', () => {
    expect(between(gaussian(0.5, 0.4), uniform(0.5, 0.4), 1).chiSquare).toBe(Infinity);
    expect(between(gaussian(0.5, 0.6), uniform(0.5, 0.6), 1).chiSquare).toBeLessThan(1e6);
  });
});
