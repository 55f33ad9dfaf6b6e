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
    expect(Array.from(curve.smooth('estimate', 101))).toEqual([4, 4, 4]);
    expect(Array.from(curve.smooth('estimate', 1))).toEqual([5, 3, NaN]);
    curve.append({ step: Float64Array.of(5), wallTime: Float64Array.of(13), values: { estimate: Float32Array.of(9) } });
    expect(Array.from(curve.smooth('estimate', 101))).toEqual([5, 5, 5, 5]);
    expect([curve.last('estimate'), curve.last('modes'), curve.last('w1')]).toEqual([9, 8, NaN]);
    expect(curve.has('normalizedEstimate')).toBe(false);
    expect(() => curve.raw('w1')).toThrow('the curve has no w1');
  });
});
