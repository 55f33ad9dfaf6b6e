// Curves: appending rows, columns and running medians.
import { describe, expect, it } from 'vitest';
import { createCurve } from './curve';

const column = (name: string) => ({ name, label: name, unit: '' });

describe('a curve', () => {
  it('has values by column, NaN for a missing column, and the last value of each column', () => {
    const curve = createCurve([column('estimate'), column('modes')]);
    curve.append({
      step: Float64Array.of(1, 2),
      wallTime: Float64Array.of(10, 11),
      values: { estimate: Float32Array.of(5, 3), modes: Float32Array.of(8, NaN) },
    });
    curve.append({
      step: Float64Array.of(4),
      wallTime: Float64Array.of(12),
      values: { estimate: Float32Array.of(NaN) },
    });
    expect([curve.length, Array.from(curve.step), Array.from(curve.wallTime)]).toEqual([3, [1, 2, 4], [10, 11, 12]]);
    expect(Array.from(curve.raw('modes'))).toEqual([8, NaN, NaN]);
    expect(Array.from(curve.smooth('estimate', 101))).toEqual([5, 4, 4]);
    expect(Array.from(curve.smooth('estimate', 1))).toEqual([5, 3, NaN]);
    curve.append({ step: Float64Array.of(5), wallTime: Float64Array.of(13), values: { estimate: Float32Array.of(9) } });
    expect(Array.from(curve.smooth('estimate', 101))).toEqual([5, 4, 5, 5]);
    expect([curve.last('estimate'), curve.last('modes'), curve.last('w1')]).toEqual([9, 8, NaN]);
    expect(curve.has('normalizedEstimate')).toBe(false);
    expect(() => curve.raw('w1')).toThrow('the curve has no w1');
  });

  it('gets values of steps that it has, also later', () => {
    const curve = createCurve([column('estimate'), column('fid')]);
    const steps = Float64Array.of(2, 4, 6, 8);
    curve.append({ step: steps, wallTime: steps, values: { estimate: new Float32Array(4) } });
    const step = Float64Array.of(1, 4, 5, 6, 9);
    curve.fill({ step, wallTime: step, values: { fid: Float32Array.of(10, 40, 50, 60, 90) } });
    expect(Array.from(curve.raw('fid'))).toEqual([NaN, 40, 60, NaN]);
    expect(curve.last('fid')).toBe(60);
  });

  it('has positions on every axis, which increase even if the clock is set back', () => {
    const curve = createCurve([column('estimate')]);
    const rows = (step: number[], wallTime: number[]) => ({
      step: Float64Array.from(step),
      wallTime: Float64Array.from(wallTime),
      values: { estimate: new Float32Array(step.length) },
    });
    curve.append(rows([1, 2], [100, 101]));
    curve.append(rows([3, 4], [101, 90]));
    curve.append(rows([5], [110]));
    expect(Array.from(curve.x('step'))).toEqual([1, 2, 3, 4, 5]);
    expect(Array.from(curve.x('relative')).map((x) => Math.round(100 * x) / 100)).toEqual([0, 1, 1, 1, 10]);
    expect(curve.x('wall').every((x, i, all) => i === 0 || x > all[i - 1])).toBe(true);
    expect(curve.x('wall')[4]).toBe(110);
  });
});
