// Interpolation and truncation of latent vectors, against float64.
import { describe, expect, it } from 'vitest';
import { lerp, slerp, truncate } from './latents';
import { fillNormal } from './random';

const normal = (seed: number, size: number) => {
  const z = new Float32Array(size);
  fillNormal(z, { seed, stream: 'test', step: 0 });
  return z;
};

describe('slerp', () => {
  /** In float64, in the plane that the two vectors span: turned by t times the angle between them. */
  function reference(a: Float32Array, b: Float32Array, t: number): number[] {
    const [x, y] = [Array.from(a), Array.from(b)];
    const dot = (u: number[], v: number[]) => u.reduce((sum, each, i) => sum + each * v[i], 0);
    const unit = (u: number[]) => u.map((each) => each / Math.sqrt(dot(u, u)));
    const first = unit(x);
    const second = unit(y.map((each, i) => each - dot(y, first) * first[i]));
    const angle = t * Math.atan2(dot(y, second), dot(y, first));
    const length = (1 - t) * Math.sqrt(dot(x, x)) + t * Math.sqrt(dot(y, y));
    return first.map((each, i) => length * (Math.cos(angle) * each + Math.sin(angle) * second[i]));
  }

  it('does not overshoot between vectors of different lengths in nearly opposite directions', () => {
    const [a, b] = [Float32Array.of(1, 0.01), Float32Array.of(-3, 0)];
    for (const t of [0.1, 0.5, 0.9]) expect(Math.hypot(...slerp(a, b, t))).toBeCloseTo(1 + 2 * t, 3);
  });

  it.each([2, 3, 128, 1024])('of vectors of %i dimensions equals the definition in float64', (size) => {
    for (let seed = 0; seed < 10; seed++) {
      const [a, b] = [normal(seed, size), normal(seed + 100, size)];
      for (const t of [0, 0.1, 0.5, 0.9, 1]) {
        const expected = reference(a, b, t);
        const errors = slerp(a, b, t).map((value, i) => Math.abs(value - expected[i]) / (1 + Math.abs(expected[i])));
        expect(Math.max(...errors)).toBeLessThan(2e-6);
      }
    }
  });

  it('keeps the length of vectors of equal length and moves by equal angles', () => {
    const [a, b] = [Float32Array.of(3, 0, 0), Float32Array.of(0, 0, 3)];
    const at = (t: number) => Array.from(slerp(a, b, t));
    expect(Math.hypot(...at(0.3))).toBeCloseTo(3, 6);
    const angle = Math.PI / 6;
    expect(at(1 / 3)).toEqual([expect.closeTo(3 * Math.cos(angle), 6), 0, expect.closeTo(3 * Math.sin(angle), 6)]);
  });

  it('is the line where there is no great circle', () => {
    const a = Float32Array.of(1, 2);
    for (const b of [a, a.map((value) => 3 * value), a.map((value) => -value), Float32Array.of(0, 0)]) {
      expect(slerp(a, b, 0.25)).toEqual(lerp(a, b, 0.25));
      expect(slerp(a, b, 0.25).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('truncation', () => {
  const key = { seed: 5, stream: 'test', step: 0 };

  it('keeps numbers within the limit and draws the others again', () => {
    const [before, after] = [normal(5, 20_000), normal(5, 20_000)];
    truncate(after, 1.5, key);
    expect(Math.max(...after.map(Math.abs))).toBeLessThanOrEqual(1.5);
    before.forEach((value, i) => {
      if (Math.abs(value) <= 1.5) expect(after[i]).toBe(value);
      else expect(after[i]).not.toBe(value);
    });
    const again = normal(5, 20_000);
    truncate(again, 1.5, key);
    expect(again).toEqual(after);
  });

  it.each([0.1, 0.7, 2])('at %f gives the variance of the truncated normal distribution', (limit) => {
    const z = normal(7, 200_000);
    truncate(z, limit, { ...key, seed: 7 });
    // 1 − 2 T φ(T)/(2 Φ(T) − 1), with the integral of φ by Simpson's rule in float64.
    const φ = (x: number) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
    const n = 1000;
    const within =
      Array.from(
        { length: n + 1 },
        (_, i) => (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * φ(-limit + (2 * limit * i) / n),
      ).reduce((a, b) => a + b) *
      ((2 * limit) / n / 3);
    const variance = 1 - (2 * limit * φ(limit)) / within;
    const mean = z.reduce((a, b) => a + b) / z.length;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / z.length));
    expect(z.reduce((sum, value) => sum + value * value, 0) / z.length / variance).toBeCloseTo(1, 1);
    expect(Math.abs(z.reduce((sum, value) => sum + value * value, 0) / z.length / variance - 1)).toBeLessThan(0.02);
  });
});
