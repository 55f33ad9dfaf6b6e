// The sentences below the main curve.
import { describe, expect, it } from 'vitest';
import { createCurve } from '../curve/curve';
import { explanationOf, measuredOf } from './explanation';
import { trendOf } from './trend';

describe('the explanation', () => {
  /** A run of 400 steps with W₁ at every tenth. */
  const explain = (
    estimate: (step: number) => number,
    w1?: (step: number) => number,
    floor = 0.09,
    { quality, ended = false }: { quality?: (step: number) => number; ended?: boolean } = {},
  ) => {
    const columns = ['estimate', ...(w1 ? ['w1', 'w1Floor'] : []), ...(quality ? ['highQuality'] : [])].map((name) => ({
      name,
      label: name,
      unit: '',
    }));
    const step = Float64Array.from({ length: 400 }, (_, i) => i + 1);
    const sparse = (f: (step: number) => number) => Float32Array.from(step, (s) => (s % 10 === 0 ? f(s) : NaN));
    const values = {
      estimate: Float32Array.from(step, estimate),
      ...(w1 ? { w1: sparse(w1), w1Floor: sparse(() => floor) } : {}),
      ...(quality ? { highQuality: sparse(quality) } : {}),
    };
    const curve = createCurve(columns);
    curve.append({ step, wallTime: step, values });
    const trend = trendOf(curve.step, curve.raw('estimate'));
    return explanationOf(trend, { ended, offersMore: ended }, measuredOf(curve, trend));
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
    expect(explain(falling, rising)).toMatch(/It rose over the last 90 steps, from 1\.800 to 1\.975: the samples/);
    expect(explain(rising, falling)).toMatch(/It fell over these steps: trust W₁\.$/);
    expect(explain(rising, rising)).not.toContain('trust');
  });

  it('compares the same steps, and does not judge a few values', () => {
    // W₁ falls before the second half of the steps, over which the trend is.
    expect(explain(falling, (step) => (step < 190 ? 5 : 1))).toContain('trust W₁');
    expect(explain(falling, (step) => (step < 360 ? NaN : 1))).not.toContain('trust');
  });

  it('says if W₁ or the quality got worse lately, by more than their noise', () => {
    const better = (step: number) => Math.max(1, 3 - step / 100);
    const worseAtLast = (step: number) => (step <= 300 ? 3 - step / 150 : 1 + (step - 300) / 200);
    expect(explain(falling, worseAtLast)).toMatch(
      /It rose over the last 90 steps, from 1\.\d+ to 1\.\d+: the samples got worse\.$/,
    );
    const noisy = (step: number) => 1 + 0.1 * Math.sin(step * step);
    expect(explain(falling, noisy)).not.toContain('worse');
    expect(explain(falling, (step) => better(step) + (step <= 300 ? 0.5 : 0))).toMatch(
      /Over the last 90 steps it did not clearly fall: trust W₁\.$/,
    );
    const share = { quality: (step: number) => 0.3 - step / 2000 };
    expect(explain(falling, falling, NaN, share)).toMatch(
      /The share of high quality fell over the last 90 steps, from 14\.0% to 10\.5%\.$/,
    );
  });

  it('points to "Train longer" at the end only if nothing speaks against it', () => {
    const ended = { ended: true };
    const advice = '"Train longer" continues it.';
    expect(explain(falling, falling, NaN, ended)).toContain(advice);
    expect(explain(falling, undefined, NaN, ended)).toContain(advice);
    expect(explain(falling, falling, NaN)).not.toContain(advice);
    expect(explain(falling, rising, NaN, ended)).not.toContain(advice);
    expect(explain(falling, () => 1, NaN, ended)).not.toContain(advice);
    expect(explain(falling, falling, NaN, { ...ended, quality: (step) => 1 - step / 500 })).not.toContain(advice);
    expect(explain(rising, falling, NaN, ended)).not.toContain(advice);
  });
});
