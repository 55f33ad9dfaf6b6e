// Bands over several runs.
import { describe, expect, it } from 'vitest';
import { uniform } from '../../test/support/random';
import { computeBand, quantile } from './band';

describe('a band over seeds', () => {
  const track = (values: number[], first = 1) => ({
    x: Float64Array.from(values, (_, i) => first + i),
    values: Float64Array.from(values),
  });
  const at = (band: ReturnType<typeof computeBand>, step: number) => {
    const i = band.x.indexOf(step);
    return [band.low[i], band.mid[i], band.high[i]];
  };

  it('has the median, minimum and maximum at each step until each run ends', () => {
    const band = computeBand([track([1, 2, 3]), track([5, NaN]), track([3, 8, 9, 7])], [1, 4], 100, 0);
    expect(at(band, 1)).toEqual([1, 3, 5]);
    expect(at(band, 2)).toEqual([2, 5, 8]);
    expect(at(band, 3)).toEqual([3, 6, 9]);
    // A single run has no band.
    expect(at(band, 4)).toEqual([NaN, 7, NaN]);
  });

  it('may span the quartiles', () => {
    const band = computeBand(
      [1, 2, 3, 4, 5].map((value) => track([value])),
      [1, 2],
      100,
      0.25,
    );
    expect(at(band, 1)).toEqual([2, 3, 4]);
    expect([quantile([1, 2, 4], 0.5), quantile([1, 2], 0.25), quantile([7], 0.9)]).toEqual([2, 1.25, 7]);
  });

  it('is drawn at the steps that have values, also for sparse columns', () => {
    const sparse = (scale: number) => track(Array.from({ length: 500 }, (_, i) => ((i + 1) % 100 === 0 ? scale : NaN)));
    const band = computeBand([sparse(1), sparse(3)], [1, 500], 200, 0);
    const measured = Array.from(band.x).filter((_, i) => !Number.isNaN(band.mid[i]));
    expect(measured).toEqual([100, 200, 300, 400, 500]);
    expect(at(band, 500)).toEqual([1, 2, 3]);
  });

  it('averages steps in fixed buckets of the requested resolution', () => {
    const random = uniform(5);
    const values = Array.from({ length: 4000 }, () => random());
    const tracks = [track(values), track(values.map((value) => value + 1))];
    const band = computeBand(tracks, [1, 4000], 500, 0);
    expect(band.x.length).toBeLessThan(510);
    // A power of two: 8 steps, [1000, 1008).
    const mean = values.slice(999, 1007).reduce((a, b) => a + b) / 8;
    const [low, mid, high] = at(band, 1003.5);
    expect(low).toBeCloseTo(mean, 12);
    expect(mid).toBeCloseTo(mean + 0.5, 12);
    expect(high).toBeCloseTo(mean + 1, 12);
    const longer = computeBand(tracks, [900, 2800], 500, 0);
    expect(at(longer, 1001.5)[0]).toBeCloseTo(values.slice(999, 1003).reduce((a, b) => a + b) / 4, 12);
  });
});
