// Finding rows and samples by step.
import { describe, expect, it } from 'vitest';
import { firstRowAtOrAfter, nearestRow, nearestSample } from './nearestStep';

describe('finding rows and samples by step', () => {
  it('finds the nearest row and the first row at or after a step', () => {
    const steps = Float64Array.of(2, 4, 10);
    for (let step = 0; step <= 12; step++) {
      const distances = Array.from(steps, (each) => Math.abs(each - step));
      expect(distances[nearestRow(steps, step)]).toBe(Math.min(...distances));
      expect(firstRowAtOrAfter(steps, step)).toBe(Array.from(steps).filter((each) => each < step).length);
    }
    expect(nearestRow(new Float64Array(0), 5)).toBe(-1);
  });

  it('finds the sample nearest to a step, and the latest for null', () => {
    const samples = [200, 400, 600].map((step) => ({ step }));
    expect(nearestSample(samples, null)).toBe(2);
    expect(nearestSample(samples, 400)).toBe(1);
    expect(nearestSample([...samples, { step: 800 }], 600)).toBe(2);
    expect([290, 300, 310, 0, 700].map((step) => nearestSample(samples, step))).toEqual([0, 0, 1, 0, 2]);
    expect(nearestSample([], 200)).toBe(-1);
  });
});
