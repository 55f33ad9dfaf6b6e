// Ranges of value axes, linear and logarithmic.
import { describe, expect, it } from 'vitest';
import { supportsLogAxis, toLog10, valueRange } from './valueRange';
import { planRunCharts } from '../run/runCharts';

const column = (name: string) => ({ name, label: name, unit: '' });
const estimate = { label: 'JS', text: 'a divergence', theory: { label: 'log 2', value: Math.LN2 } };

describe('the value range', () => {
  const [main] = planRunCharts({ columns: ['estimate', 'validationEstimate'].map(column), estimate }, 101);
  const none = new Set<string>();
  const range = (raw: (number | null)[], w1: (number | null)[], hidden: ReadonlySet<string> = none) =>
    valueRange(
      main,
      main.lines.map(({ key }) => (key === 'estimate' ? raw : key === 'validationEstimate' ? w1 : [])),
      hidden,
    );

  it('includes all values, the theoretical level, and zero if it is near', () => {
    expect(range([0.1], [2, null])).toEqual([0, 2 + 0.06 * 1.9]);
    expect(range([null], [0.2])[1]).toBeGreaterThan(Math.LN2);
    const [low, high] = range([], [100, 101]);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(101);
  });

  it('excludes the outermost 1 % of raw curves only', () => {
    const raw = Array.from({ length: 1000 }, (_, i) => (i < 5 ? 1e6 : i / 1000));
    expect(range(raw, [])[1]).toBeLessThan(1.2);
    expect(range([], raw)[1]).toBeGreaterThan(1e6);
    expect(range([], raw, new Set(['validationEstimate']))[1]).toBeLessThan(1);
  });

  it('is valid without values, for a single value, and for negative values', () => {
    const [loss] = planRunCharts({ columns: [column('criticLoss')], estimate: { ...estimate, theory: null } }, 1).slice(
      1,
    );
    expect(valueRange(loss, [[]], none)).toEqual([0, 1]);
    const [low, high] = valueRange(loss, [[3, 3]], none);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(valueRange(loss, [[-2, -0.1]], none)).toEqual([-2 - 0.06 * 1.9, 0]);
  });

  it('of proportions includes 0 and 1', () => {
    const plans = planRunCharts({ columns: [column('highQuality')], estimate }, 101);
    const [low, high] = valueRange(plans[1], [[0.3]], none);
    expect([low, high]).toEqual([0, 1.06]);
  });
});

describe('a logarithmic axis', () => {
  const [main, losses] = planRunCharts({ columns: ['estimate', 'criticLoss'].map(column), estimate }, 1);

  it('is available for mostly positive curves, but not for proportions', () => {
    expect(supportsLogAxis(main, [[1, null, 2, undefined]])).toBe(true);
    expect(supportsLogAxis(losses, [[-1, 2, 3]])).toBe(false);
    expect(supportsLogAxis(losses, [[...new Array(19).fill(1), -1]])).toBe(true);
    expect(supportsLogAxis(main, [[null]])).toBe(false);
    expect(supportsLogAxis({ ...main, numberFormat: 'share' }, [[0.5]])).toBe(false);
    expect(toLog10([100, 0, -1, null, undefined])).toEqual([2, null, null, null, undefined]);
  });

  it('depends on the median if there is one, and excludes the smallest raw values', () => {
    const [smoothed] = planRunCharts({ columns: [column('estimate')], estimate: { ...estimate, theory: null } }, 101);
    const raw = [-1, -1, 1e-9, ...new Array<number>(27).fill(2), 1e9];
    const ys = smoothed.lines.map(({ look }) => (look === 'pale' ? raw : [1, 1]));
    expect(supportsLogAxis(smoothed, ys)).toBe(true);
    expect(
      supportsLogAxis(
        smoothed,
        ys.map(() => [-1]),
      ),
    ).toBe(false);
    const [low] = valueRange(smoothed, ys.map(toLog10), new Set(), true);
    expect(low).toBeCloseTo(-0.06 * Math.log10(2), 12);
  });

  it('includes the theoretical level, with padding in decades', () => {
    const [low, high] = valueRange(main, [[1, 2]], new Set(), true);
    expect(low).toBeCloseTo(Math.log10(Math.LN2) - 0.06 * (2 - Math.log10(Math.LN2)), 12);
    expect(high).toBeCloseTo(2 + 0.06 * (2 - Math.log10(Math.LN2)), 12);
    expect(valueRange(main, [[]], new Set(), true)[0]).toBeLessThan(Math.log10(Math.LN2));
  });
});
