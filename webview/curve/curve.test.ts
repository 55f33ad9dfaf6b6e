// The page's curve: what is appended in pieces is what it would be in one, medians included.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { medianFilter } from '../../src/math/statistics';
import { createCurve } from './curve';
import { firstRowAtOrAfter, nearestRow } from './nearestStep';
import { createGrowableArray } from './growableArray';
import { secondsPerStep } from '../run/stepRate';
import { createRunningMedian } from './runningMedian';

const column = (name: string) => ({ name, label: name, unit: '' });

describe('a growable array', () => {
  it('has what was appended, and forgets what is cut', () => {
    const array = createGrowableArray(Float64Array);
    const all: number[] = [];
    for (let n = 0; n < 40; n++) {
      const more = Array.from({ length: n * 7 }, (_, i) => n + i / 1000);
      array.append(more);
      all.push(...more);
    }
    expect(Array.from(array.values)).toEqual(all);
    array.truncate(3);
    array.append([9]);
    expect(Array.from(array.values)).toEqual([...all.slice(0, 3), 9]);
  });
});

describe('a running median', () => {
  it.each([1, 3, 5, 101])('over %i is the filter of the whole curve after every piece', (window) => {
    const random = uniform(window);
    const curve = Float64Array.from({ length: 700 }, () => (random() < 0.1 ? NaN : Math.round(20 * random())));
    const running = createRunningMedian(window);
    for (let n = 0; n < curve.length; ) {
      n = Math.min(curve.length, n + Math.floor(random() * (random() < 0.2 ? 250 : 4)));
      running.update(curve.subarray(0, n));
      expect(running.values).toEqual(medianFilter(curve.subarray(0, n), window));
    }
  });
});

describe('a curve', () => {
  it('has rows by column, NaN for a column that was not sent, and the last value of each', () => {
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

  it('finds rows by step', () => {
    const steps = Float64Array.of(2, 4, 10);
    for (let step = 0; step <= 12; step++) {
      const distances = Array.from(steps, (each) => Math.abs(each - step));
      expect(distances[nearestRow(steps, step)]).toBe(Math.min(...distances));
      expect(firstRowAtOrAfter(steps, step)).toBe(Array.from(steps).filter((each) => each < step).length);
    }
    expect(nearestRow(new Float64Array(0), 5)).toBe(-1);
  });
});

describe('the pace', () => {
  const pace = (times: readonly number[], median: number | null = 0.5) =>
    secondsPerStep(
      Float64Array.from(times, (_, i) => i + 1),
      Float64Array.from(times),
      median,
    );

  it('is of the last twenty seconds', () => {
    const slow = Array.from({ length: 50 }, (_, i) => 2 * i);
    const fast = Array.from({ length: 300 }, (_, i) => 100 + i / 10);
    expect(pace(slow)).toBeCloseTo(2);
    expect(pace([...slow, ...fast])).toBeCloseTo(0.1);
  });

  it('leaves out a pause, and what lies before it', () => {
    expect(pace([0, 1, 2, 500, 503, 506])).toBeCloseTo(3);
    expect(pace([0, 1, 2, 500])).toBeNull();
    expect(pace([])).toBeNull();
    expect(pace([7])).toBeNull();
    // Steps that take half a minute are no pauses.
    expect(pace([0, 30, 60, 90], 30)).toBe(30);
  });
});
