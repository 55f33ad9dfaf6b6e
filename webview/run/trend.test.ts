// The trend of a curve.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { trendOf } from './trend';

describe('the trend of a curve', () => {
  const steps = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);
  const curve = (n: number, value: (i: number) => number, noise: number, seed = 1) => {
    const random = uniform(seed);
    // Neighboring values depend on each other, as those of a critic do.
    let drift = 0;
    return Float64Array.from({ length: n }, (_, i) => {
      drift = 0.9 * drift + noise * (random() - 0.5);
      return value(i) + drift;
    });
  };
  const kind = (values: Float64Array) => trendOf(steps(values.length), values).kind;

  it('is falling or rising for a noisy slope, with the relative change over the second half', () => {
    const trend = trendOf(
      steps(1000),
      curve(1000, (i) => 2 - i / 1000, 0.05),
    );
    expect(trend).toMatchObject({ kind: 'falling', steps: 499 });
    expect('change' in trend ? trend.change : NaN).toBeCloseTo(-0.24, 1);
    expect(kind(curve(1000, (i) => 1 + i / 1000, 0.05))).toBe('rising');
  });

  it('does not depend on the scale: K·W of a clipped critic is tiny', () => {
    expect(kind(curve(400, (i) => 1e-5 * (2 - i / 400), 1e-7))).toBe('falling');
  });

  it('is level once a fall is over, and hardly ever anything else for noise alone', () => {
    expect(kind(curve(1000, (i) => 0.5 + 4 * Math.exp(-i / 40), 0.02))).toBe('level');
    const wrong = Array.from({ length: 200 }, (_, seed) => kind(curve(600, () => 1, 0.3, seed))).filter(
      (each) => each !== 'level',
    );
    expect(wrong.length / 200).toBeLessThan(0.1);
  });

  it('has no percentage where a ratio means nothing, and is unknown for a short or empty curve', () => {
    expect(
      trendOf(
        steps(400),
        curve(400, (i) => 1 - i / 150, 0.01),
      ),
    ).toMatchObject({ kind: 'falling', change: null });
    expect(kind(curve(60, (i) => 1 - i / 60, 0))).toBe('unknown');
    expect(kind(new Float64Array(500).fill(NaN))).toBe('unknown');
  });
});
