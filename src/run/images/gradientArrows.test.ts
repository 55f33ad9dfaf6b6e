// The gradient arrows of a scatter plot: where they start, their direction and their length.
import { describe, expect, it } from 'vitest';
import { arrowLength, arrowsPath, farthestPointSample } from './gradientArrows';

const limits = { x: [0, 10], y: [0, 10] } as const;
const pairs = (points: Float32Array) =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);

describe('points that get an arrow', () => {
  it('are spread out: each is as far from the others as possible', () => {
    // A dense cluster and three distant points: a random choice would miss them.
    const cluster = Array.from({ length: 100 }, (_, i) => [1 + (i % 10) / 100, 1 + Math.floor(i / 10) / 100]);
    const points = Float32Array.from([...cluster, [9, 1], [9, 9], [1, 9]].flat());
    const chosen = pairs(farthestPointSample(points, limits, 4));
    expect(chosen[0]).toEqual([1, 1]);
    expect(chosen.slice(1).sort()).toEqual([
      [1, 9],
      [9, 1],
      [9, 9],
    ]);
  });

  it('are as many as fit without crossing arrows', () => {
    const points = Float32Array.from({ length: 4000 }, (_, i) => 5 + 5 * Math.sin(i * i + 0.3 * (i % 7)));
    const chosen = pairs(farthestPointSample(points, limits, 64));
    expect(new Set(chosen.map(String)).size).toBe(64);
    const few = [...new Set(pairs(farthestPointSample(points, { x: [0, 40], y: [0, 40] }, 64)).map(String))].map((p) =>
      p.split(',').map(Number),
    );
    expect(few.length).toBeLessThan(40);
    for (const [i, p] of few.entries()) {
      for (const q of few.slice(0, i)) expect(Math.hypot(p[0] - q[0], p[1] - q[1])).toBeGreaterThan(2);
    }
  });

  it('are finite and inside the plot, also if there are few or none', () => {
    const points = Float32Array.of(NaN, 1, 11, 5, 5, Infinity, 3, 4);
    expect(pairs(farthestPointSample(points, limits, 3))).toEqual([
      [3, 4],
      [3, 4],
      [3, 4],
    ]);
    expect(pairs(farthestPointSample(new Float32Array(0), limits, 1))).toEqual([[5, 5]]);
  });
});

describe('an arrow', () => {
  const toPixel = (x: number, y: number) => [10 * x, 100 - 10 * y] as const;
  const path = (gradient: readonly number[], points = [5, 5]) =>
    arrowsPath({ points: Float32Array.from(points), gradient: Float32Array.from(gradient) }, { toPixel, scale: 1 });
  const ends = (d: string) => /^M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)M/.exec(d)!.slice(1).map(Number);

  it.each([
    [
      [1, 0],
      [1, 0],
    ],
    [
      [0, 2],
      [0, -1],
    ],
    [
      [-0.1, -0.1],
      [-Math.SQRT1_2, Math.SQRT1_2],
    ],
  ])('points along the gradient %j, with y pointing up', (gradient, [dx, dy]) => {
    const [x, y, tipX, tipY] = ends(path(gradient));
    const length = arrowLength(Math.hypot(...gradient));
    expect([x, y]).toEqual([50, 50]);
    expect(tipX - x).toBeCloseTo(dx * length, 1);
    expect(tipY - y).toBeCloseTo(dy * length, 1);
  });

  it('grows with the norm up to a limit, and is absent for a vanished gradient', () => {
    const norms = [1e-2, 1e-1, 1, 2, 4];
    const lengths = norms.map(arrowLength);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(arrowLength(1e9)).toBe(arrowLength(1e6));
    expect(path([1e-4, 0])).toBe('');
    expect(path([0, 0])).toBe('');
    expect(path([NaN, 1])).toBe('');
    expect(path([Infinity, 1])).toBe('');
    expect(path([1, 0])).not.toMatch(/NaN|Infinity/);
  });

  it('is drawn once if its point is selected twice', () => expect(path([1, 0, 1, 0], [5, 5, 5, 5])).toBe(path([1, 0])));
});
