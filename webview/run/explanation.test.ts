// The sentences below the main curve.
import { describe, expect, it } from 'vitest';
import { createCurve } from '../curve/curve';
import { exactDistanceOf, explanationOf } from './explanation';
import { trendOf } from './trend';

describe('the explanation', () => {
  /** A run of 400 steps with W₁ at every tenth. */
  const explain = (estimate: (step: number) => number, w1?: (step: number) => number, floor = 0.09) => {
    const columns = ['estimate', ...(w1 ? ['w1', 'w1Floor'] : [])].map((name) => ({ name, label: name, unit: '' }));
    const step = Float64Array.from({ length: 400 }, (_, i) => i + 1);
    const sparse = (f: (step: number) => number) => Float32Array.from(step, (s) => (s % 10 === 0 ? f(s) : NaN));
    const values = {
      estimate: Float32Array.from(step, estimate),
      ...(w1 ? { w1: sparse(w1), w1Floor: sparse(() => floor) } : {}),
    };
    const curve = createCurve(columns);
    curve.append({ step, wallTime: step, values });
    const trend = trendOf(curve.step, curve.raw('estimate'));
    return explanationOf({ label: 'K·W' }, trend, false, exactDistanceOf(curve, trend));
  };
  const falling = (step: number) => 2 - step / 400;
  const rising = (step: number) => 1 + step / 400;

  it('adds what W₁ says, with that of two real sets', () => {
    expect(explain(falling)).toMatch(/Still improving: down \d+% over the last 199 steps\.$/);
    expect(explain(falling, falling)).toMatch(
      /199 steps\. W₁ exact, measured on the samples themselves, is 1\.000 \(two real sets: 0\.09000\)\.$/,
    );
    expect(explain(falling, falling, NaN)).toMatch(/samples themselves, is 1\.000\.$/);
  });

  it('says which to trust if the estimate and W₁ disagree', () => {
    expect(explain(falling, () => 1)).toMatch(/It did not fall over these steps: trust W₁\.$/);
    expect(explain(falling, rising)).toMatch(/It did not fall over these steps: trust W₁\.$/);
    expect(explain(rising, falling)).toMatch(/It fell over these steps: trust W₁\.$/);
    expect(explain(rising, rising)).not.toContain('trust');
  });

  it('compares the same steps, and does not judge a few values', () => {
    // W₁ falls before the second half of the steps, over which the trend is.
    expect(explain(falling, (step) => (step < 190 ? 5 : 1))).toContain('trust W₁');
    expect(explain(falling, (step) => (step < 360 ? NaN : 1))).not.toContain('trust');
  });
});
