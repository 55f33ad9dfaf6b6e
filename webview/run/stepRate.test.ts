// The current speed of a run.
import { describe, expect, it } from 'vitest';
import { secondsPerStep } from './stepRate';

describe('the seconds per step', () => {
  const rate = (times: readonly number[], median: number | null = 0.5) =>
    secondsPerStep(
      Float64Array.from(times, (_, i) => i + 1),
      Float64Array.from(times),
      median,
    );

  it('is averaged over the last 20 seconds', () => {
    const slow = Array.from({ length: 50 }, (_, i) => 2 * i);
    const fast = Array.from({ length: 300 }, (_, i) => 100 + i / 10);
    expect(rate(slow)).toBeCloseTo(2);
    expect(rate([...slow, ...fast])).toBeCloseTo(0.1);
  });

  it('excludes a pause and the steps before it', () => {
    expect(rate([0, 1, 2, 500, 503, 506])).toBeCloseTo(3);
    expect(rate([0, 1, 2, 500])).toBeNull();
    expect(rate([])).toBeNull();
    expect(rate([7])).toBeNull();
    // Steps of half a minute are not pauses.
    expect(rate([0, 30, 60, 90], 30)).toBe(30);
  });
});
