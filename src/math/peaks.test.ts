import { expect, it } from 'vitest';
import { prominentPeaks } from './peaks';

const side = 60;
const surface = (f: (x: number, y: number) => number) =>
  Float64Array.from({ length: side * side }, (_, k) => f((k % side) / side, Math.floor(k / side) / side));
const bump = (x: number, y: number, width: number) => Math.exp(-(x * x + y * y) / (2 * width * width));

it('counts separate bumps, whatever their heights', () => {
  const three = surface(
    (x, y) => bump(x - 0.2, y - 0.2, 0.08) + 0.6 * bump(x - 0.8, y - 0.3, 0.08) + 0.3 * bump(x - 0.5, y - 0.9, 0.08),
  );
  expect(prominentPeaks(three, side, 0.05)).toBe(3);
  expect(prominentPeaks(three, side, 0.5)).toBe(2);
});

it('ignores ripples below the prominence, on a ridge as on a slope', () => {
  const ring = surface((x, y) => -Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.3) + 0.004 * Math.sin(60 * x));
  expect(prominentPeaks(ring, side, 0)).toBeGreaterThan(3);
  expect(prominentPeaks(ring, side, 0.02)).toBe(1);
});

it('gives the prominence of a bump beside a higher one: its height above the saddle', () => {
  const line = [0, 3, 1, 2, 0].flatMap((v) => [v, v, v, v, v]);
  expect([0.9, 1, 1.1].map((least) => prominentPeaks(line, 5, least))).toEqual([2, 2, 1]);
});

it('sees no peak across the edge of the grid, and one in a constant', () => {
  const edges = surface((x) => Math.abs(x - 0.5));
  expect(prominentPeaks(edges, side, 0.1)).toBe(2);
  expect(prominentPeaks(new Float32Array(9), 3, 0.1)).toBe(1);
});
