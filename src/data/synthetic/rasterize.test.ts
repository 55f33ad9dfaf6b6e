// Smooth lines and their coverage against the definitions.
import { describe, expect, test } from 'vitest';
import { catmullRom, drawPolyline } from './rasterize';

const line = (...points: (readonly [number, number])[]) => ({
  points: Float64Array.from(points.flat()),
  corners: points.map(() => false),
});

describe('catmullRom', () => {
  test('passes through every point, ends at the end points and keeps straight lines straight', () => {
    const curve = catmullRom(line([0, 0], [1, 2], [3, 1], [4, 4]));
    const vertices = Array.from({ length: curve.length / 2 }, (_, i) => [curve[2 * i], curve[2 * i + 1]]);
    for (const point of [
      [0, 0],
      [1, 2],
      [3, 1],
      [4, 4],
    ])
      expect(vertices).toContainEqual(point);
    const straight = catmullRom(line([0, 0], [1, 2], [2, 4], [3, 6]));
    for (let i = 0; i < straight.length; i += 2) expect(straight[i + 1]).toBeCloseTo(2 * straight[i], 12);
  });

  test('has half the vector between its neighbors as the tangent at a point', () => {
    const curve = catmullRom(line([0, 0], [1, 2], [3, 1], [4, 4]));
    // Of p(t) = p1 + m1 t + …, Richardson's estimate of p'(0) from t = 1/6 and 2/6 and 3/6 of a cubic is exact.
    const p = (k: number, axis: number) => curve[2 * (6 + k) + axis];
    const slope = (axis: number) =>
      (-11 * p(0, axis) + 18 * p(1, axis) - 9 * p(2, axis) + 2 * p(3, axis)) / 6 / (1 / 6);
    expect(slope(0)).toBeCloseTo((3 - 0) / 2, 10);
    expect(slope(1)).toBeCloseTo((1 - 0) / 2, 10);
  });

  test('breaks the curve at a corner, as if both sides ended there', () => {
    const turned = line([0, 0], [1, 0], [1, 1], [0, 2]);
    turned.corners[1] = true;
    const curve = catmullRom(turned);
    for (let k = 0; k <= 6; k++) expect(curve[2 * k + 1]).toBe(0);
    expect([...curve.subarray(12)]).toEqual([...catmullRom(line([1, 0], [1, 1], [0, 2]))]);
  });
});

describe('drawPolyline', () => {
  test('gives every pixel the coverage of its distance', () => {
    const size = 24;
    const ink = new Float32Array(size * size);
    const [x0, y0, w0, x1, y1, w1, edge] = [3.2, 5.1, 1, 19.7, 16.4, 2.5, 1.3];
    drawPolyline(Float64Array.of(x0, y0, w0, x1, y1, w1), edge, ink, size);
    for (let j = 0; j < size; j++) {
      for (let i = 0; i < size; i++) {
        // The nearest point by search instead of projection.
        let [least, at] = [Infinity, 0];
        for (let k = 0; k <= 4_000; k++) {
          const t = k / 4_000;
          const d = Math.hypot(i + 0.5 - x0 - t * (x1 - x0), j + 0.5 - y0 - t * (y1 - y0));
          if (d < least) [least, at] = [d, t];
        }
        const coverage = 0.5 + (w0 + at * (w1 - w0) - least) / edge;
        expect(Math.abs(ink[j * size + i] - Math.min(1, Math.max(0, coverage)))).toBeLessThan(1e-3);
      }
    }
  });

  test('draws a dot, clips lines outside the image, and keeps the brighter of overlapping lines', () => {
    const ink = new Float32Array(64);
    drawPolyline(Float64Array.of(4, 4, 1, 4, 4, 1), 1, ink, 8);
    expect(ink[3 * 8 + 3]).toBeCloseTo(0.5 + 1 - Math.SQRT1_2, 6);
    drawPolyline(Float64Array.of(-9, -9, 1, -5, -5, 1), 1, ink, 8);
    drawPolyline(Float64Array.of(100, 4, 1, 120, 4, 1), 1, ink, 8);
    expect(ink.filter((value) => value > 0)).toHaveLength(4);
    const before = ink.slice();
    drawPolyline(Float64Array.of(4, 4, 0.5, 4, 4, 0.5), 1, ink, 8);
    expect(ink).toEqual(before);
  });
});
