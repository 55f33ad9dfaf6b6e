// Tick positions.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { linearTicks, logTicks } from './tickPositions';

describe('axis ticks', () => {
  it('are at round values within the axis, and limited in number', () => {
    const random = uniform(9);
    for (let i = 0; i < 500; i++) {
      const low = (random() - 0.5) * 10 ** Math.floor(12 * random() - 6);
      const high = low + random() * 10 ** Math.floor(12 * random() - 6) + 1e-9;
      const most = 2 + Math.floor(10 * random());
      const ticks = linearTicks(low, high, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      const slack = 1e-6 * (high - low);
      for (const tick of ticks) expect(tick >= low - slack && tick <= high + slack).toBe(true);
    }
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.11, 0.42, 4)).toEqual([0.2, 0.3, 0.4]);
    expect(linearTicks(0, 3, 12, true)).toEqual([0, 1, 2, 3]);
    expect([linearTicks(1, 1, 5), linearTicks(NaN, 1, 5)]).toEqual([[], []]);
  });

  it('of a logarithmic axis depend on its range: linear, multiples of 1, 2 and 5, or powers of ten', () => {
    const values = (low: number, high: number, most: number) =>
      logTicks(Math.log10(low), Math.log10(high), most).map((tick) => Number((10 ** tick).toPrecision(6)));
    expect(values(1, 2, 5)).toEqual([1, 1.2, 1.4, 1.6, 1.8, 2]);
    expect(values(0.1, 10, 8)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
    expect(values(0.1, 10, 5)).toEqual([0.1, 0.3, 1, 3, 10]);
    expect(values(0.001, 1000, 7)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
    expect(values(1e-6, 1e6, 7)).toEqual([1e-6, 1e-4, 0.01, 1, 100, 1e4, 1e6]);
  });
});
