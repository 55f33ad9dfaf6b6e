import { describe, expect, it } from 'vitest';
import pot from '../../test/fixtures/reference/slicedWasserstein.json';
import { fillNormal } from './random';
import { imageSlicedWasserstein, slicedWasserstein, unitVectors } from './slicedWasserstein';
import { laplacianPyramid } from './laplacianPyramid';
import { wasserstein1 } from './wasserstein';

const key = { seed: 1, stream: 'test', step: 0 };
const normal = (length: number, step: number, mean = 0) => {
  const out = new Float32Array(length);
  fillNormal(out, { ...key, step }, mean);
  return out;
};

describe('slicedWasserstein', () => {
  it('is W₁ itself in one dimension', () => {
    const [x, y] = [normal(200, 1), normal(200, 2, 0.7)];
    expect(slicedWasserstein(x, y, unitVectors(3, 1, key), 1)).toBeCloseTo(wasserstein1(x, y, 1), 6);
  });
  it('is |shift| times the mean of |cos| for a shifted copy: 2/π of it in the plane', () => {
    const x = normal(400, 1);
    const y = x.map((value, k) => (k % 2 === 0 ? value + 3 : value));
    const unit = unitVectors(4000, 2, key);
    const distance = slicedWasserstein(x, y, unit, 2);
    expect(distance).toBeCloseTo((3 * 2) / Math.PI, 1);
    // Exactly the mean over these directions.
    const mean = unit.filter((_, k) => k % 2 === 0).reduce((sum, cos) => sum + Math.abs(cos), 0) / 4000;
    expect(distance).toBeCloseTo(3 * mean, 5);
  });
  it('is 0 for the same points in another order, and NaN if a number is not finite', () => {
    const x = normal(60, 1);
    const y = Float32Array.from({ length: 60 }, (_, k) => x[(k + 30) % 60]);
    const unit = unitVectors(20, 3, key);
    expect(slicedWasserstein(x, y, unit, 3)).toBeCloseTo(0, 6);
    y[4] = NaN;
    expect(slicedWasserstein(x, y, unit, 3)).toBeNaN();
  });
});

it('equals POT on the same directions', () => {
  const { x, y, directions, distance } = pot;
  const [a, b] = [x, y].map((rows) => Float32Array.from(rows.flat()));
  expect(slicedWasserstein(a, b, Float64Array.from(directions.flat()), 5)).toBeCloseTo(distance, 5);
});

describe('laplacianPyramid', () => {
  const shape = { height: 28, width: 28, channels: 2 };
  it('has a level per halving down to 14 pixels, and no detail for constant images', () => {
    const levels = laplacianPyramid(new Float32Array(2 * 28 * 28 * 2).fill(0.5), shape);
    expect(levels.map(({ height }) => height)).toEqual([28, 14]);
    expect(Math.max(...levels[0].images.map(Math.abs))).toBeLessThan(1e-6);
    expect(levels[1].images.every((v) => Math.abs(v - 0.5) < 1e-6)).toBe(true);
  });
  it('keeps a checkerboard entirely in the finest level', () => {
    const images = Float32Array.from({ length: 28 * 28 * 2 }, (_, k) => {
      const pixel = k >> 1;
      return ((pixel % 28) + Math.floor(pixel / 28)) % 2 === 0 ? 1 : -1;
    });
    const [fine, coarse] = laplacianPyramid(images, shape);
    expect(Math.max(...coarse.images.map(Math.abs))).toBeLessThan(1e-6);
    expect(fine.images.every((v, k) => Math.abs(v - images[k]) < 1e-6)).toBe(true);
  });
});

describe('imageSlicedWasserstein', () => {
  const shape = { height: 28, width: 28, channels: 1 };
  it('is 0 between equal images and grows with a change at its scale only', () => {
    const x = normal(16 * 784, 1);
    expect(imageSlicedWasserstein(x, x, shape, key).mean).toBe(0);
    const board = x.map((v, k) => v + (((k % 28) + Math.floor((k % 784) / 28)) % 2 === 0 ? 2 : -2));
    const { levels } = imageSlicedWasserstein(x, board, shape, key);
    expect(levels[0]).toBeGreaterThan(20 * levels[1]);
  });
});
