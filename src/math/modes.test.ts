// Modes and shares against manual counts and the chi distribution.
import { describe, expect, test } from 'vitest';
import { countModes } from './modes';
import { fillNormal } from './random';

const centers = new Float32Array([0, 0, 10, 0, 0, 10]);

describe('countModes', () => {
  test('equals a manual count, with samples exactly at 3σ', () => {
    const samples = new Float32Array([
      ...[0, 1.5], // exactly 3σ from mode 0
      ...[0, 1.5001], // just beyond it
      ...[10.25, -0.25], // close to mode 1
      ...[10, 0], // on mode 1
      ...[5, 5], // not close to a mode
    ]);
    const count = countModes(samples, centers, 0.5);
    expect([...count.perMode]).toEqual([1, 2, 0]);
    expect(count.covered).toBe(2);
    expect(count.highQuality).toBeCloseTo(3 / 5, 12);
  });

  test('counts a sample near two overlapping modes once, and covers both', () => {
    const count = countModes(new Float32Array([0.5, 0]), new Float32Array([0, 0, 1, 0]), 1);
    expect(count).toEqual({ covered: 2, highQuality: 1, perMode: new Uint32Array([1, 1]) });
  });

  test.each([
    [1, 0.9973002],
    [2, 1 - Math.exp(-4.5)],
    [3, 0.9707091],
  ])('gives samples of the mixture the high-quality share of the chi distribution, d = %i', (d, share) => {
    const n = 40_000;
    const samples = new Float32Array(n * d);
    fillNormal(samples, { seed: 1, stream: 'x', step: d }, 4, 0.25);
    const { highQuality } = countModes(samples, new Float32Array(d).fill(4), 0.25, d);
    expect(Math.abs(highQuality - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / n));
  });

  test('does not assign non-finite samples to a mode; without samples the share is NaN', () => {
    const count = countModes(new Float32Array([NaN, 0, Infinity, 0, 0, 0]), centers, 0.5);
    expect(count.covered).toBe(1);
    expect(count.highQuality).toBeCloseTo(1 / 3, 12);
    expect(countModes(new Float32Array(0), centers, 0.5)).toMatchObject({ covered: 0, highQuality: NaN });
    expect(() => countModes(new Float32Array(3), centers, 0.5)).toThrow('coordinates');
  });
});
