// The x axis of the charts.
import { describe, expect, it } from 'vitest';
import { positionOn, rangeOn, tickLabelsOn, ticksOn } from './xAxis';

describe('the x axis', () => {
  it('of steps has whole numbers, abbreviated if they are large', () => {
    expect(ticksOn('step', 1, 3, 12)).toEqual([1, 2, 3]);
    expect(tickLabelsOn('step', [0, 5000, 10_000, 12_500])).toEqual(['0', '5,000', '10k', '12.5k']);
    expect([positionOn('step', 1200), rangeOn('step', [1.2, 99.8])]).toEqual(['step 1,200', 'steps 2 to 99']);
  });

  it.each([
    [0, 3, 4, ['0 s', '1 s', '2 s', '3 s']],
    [0, 100, 4, ['0 s', '30 s', '1:00 min', '1:30 min']],
    [0, 9000, 4, ['0 s', '1:00 h', '2:00 h']],
    [0, 0.9, 3, ['0 s', '0.5 s']],
  ])('of the time from %f to %f seconds has round times', (low, high, most, labels) => {
    expect(tickLabelsOn('relative', ticksOn('relative', low, high, most))).toEqual(labels);
  });

  it('of the time of day has round times in the local time zone', () => {
    // In a time zone of half an hour, full hours of UTC are not round.
    const ticks = ticksOn('wall', 1_800_000_100, 1_800_009_000, 3, 1800);
    expect(ticks.map((x) => (x + 1800) % 3600)).toEqual(ticks.map(() => 0));
    expect(ticks.length).toBeGreaterThan(1);
    expect(tickLabelsOn('wall', ticks).every((label) => /^\d\d:\d\d/.test(label))).toBe(true);
  });

  it('says positions in words', () => {
    expect([positionOn('relative', 185), rangeOn('relative', [0, 42])]).toEqual(['3 min 05 s', '0 s to 42 s']);
  });
});
