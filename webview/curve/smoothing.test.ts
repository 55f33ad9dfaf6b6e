// Smoothing that fits the length of a curve.
import { describe, expect, it } from 'vitest';
import { createCurve } from './curve';
import { windowFor } from './smoothing';

describe('automatic smoothing', () => {
  it('has a window that grows with the curve, at most a 25th of it', () => {
    expect([10, 149, 500, 2525, 20_000, 1_000_000].map((rows) => windowFor(rows, 'auto'))).toEqual([
      1, 5, 15, 101, 501, 501,
    ]);
    for (let rows = 1; rows < 3000; rows += 7) {
      const window = windowFor(rows, 'auto');
      expect(window % 2).toBe(1);
      expect(window === 1 || window <= rows / 25).toBe(true);
    }
    expect(windowFor(149, 101)).toBe(101);
  });

  it('follows a short curve from its first value to its last', () => {
    const curve = createCurve([{ name: 'estimate', label: 'K·W', unit: '' }]);
    // A quick start: from −0.3 up to 2 and down to 0.86 in 149 steps.
    const value = (i: number) => 0.86 + 1.14 * Math.exp(-((i - 50) ** 2) / 500) - 1.16 * Math.exp(-i / 5);
    const raw = Float32Array.from({ length: 149 }, (_, i) => value(i));
    curve.append({
      step: Float64Array.from(raw, (_, i) => i + 1),
      wallTime: new Float64Array(149),
      values: { estimate: raw },
    });
    const smooth = curve.smooth('estimate', windowFor(curve.length, 'auto'));
    expect(smooth[0]).toBeCloseTo(-0.3, 1);
    expect(smooth[148]).toBeCloseTo(0.86, 2);
    expect(Math.max(...smooth)).toBeCloseTo(2, 1);
    for (const [i, each] of smooth.entries()) expect(Math.abs(each - raw[i])).toBeLessThan(0.25);
  });
});
