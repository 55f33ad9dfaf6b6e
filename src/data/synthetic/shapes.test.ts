// The synthetic shapes: deterministic, labeled, in range, with exact distances to their outlines.
import { describe, expect, test } from 'vitest';
import type { DataContext } from '../dataSource';
import { outlines } from './shapeOutlines';
import { openShapes } from './shapes';

const context = (seed = 1): DataContext => ({
  seed,
  folder: '/',
  workers: { count: 1, run: () => Promise.reject(new Error('shapes need no threads')), close: async () => {} },
});
const draw = async (n: number, seed = 1, size: 16 | 28 | 32 | 64 = 32) => {
  const source = await openShapes({ source: 'shapes', size, samples: n, flip: false, validation: 0 }, context(seed));
  const out = new Float32Array(n * size * size * 3);
  source.batch({ seed: 1, stream: 'data', step: 0 }, out);
  return { source, out };
};

test('image i depends only on the seed and i; classes alternate; every size works', async () => {
  const { source, out } = await draw(40);
  expect((await draw(40)).out).toEqual(out);
  expect((await draw(40, 2)).out).not.toEqual(out);
  expect(source).toMatchObject({ shape: [32, 32, 3], size: 40 });
  expect([...source.labels!.classes.subarray(8, 12)]).toEqual([8, 9, 0, 1]);
  expect(source.labels!.names).toHaveLength(10);
  for (const size of [16, 28, 64] as const) expect((await draw(3, 1, size)).source.shape).toEqual([size, size, 3]);
});

test('images are bright shapes on dark backgrounds, in many colors, without clipping', async () => {
  const { out } = await draw(500);
  let [colorful, bright] = [0, 0];
  for (let i = 0; i < 500; i++) {
    const image = out.subarray(i * 3072, (i + 1) * 3072);
    const spread =
      image.reduce((most, value) => Math.max(most, value), -1) -
      image.reduce((least, value) => Math.min(least, value), 1);
    expect(spread).toBeGreaterThan(0.6);
    colorful += image.some((_, k) => k % 3 === 0 && Math.abs(image[k] - image[k + 2]) > 0.5) ? 1 : 0;
    bright += image.reduce((sum, value) => sum + value, 0) / 3072;
  }
  expect(colorful).toBeGreaterThan(350);
  expect(bright / 500).toBeGreaterThan(-0.7);
  expect(bright / 500).toBeLessThan(-0.1);
});

describe('outlines', () => {
  test.each(Object.entries(outlines))(
    '%s: has a signed distance with slope 1 at most, negative only inside',
    (_, distance) => {
      let inside = 0;
      for (let j = -30; j <= 30; j++) {
        for (let i = -30; i <= 30; i++) {
          const [x, y] = [i / 20, j / 20];
          const d = distance(x, y);
          if (d < 0) inside++;
          if (d < 0) expect(Math.hypot(x, y)).toBeLessThan(1.25);
          for (const [dx, dy] of [
            [0.01, 0],
            [0, 0.01],
          ])
            expect(Math.abs(distance(x + dx, y + dy) - d)).toBeLessThan(0.01 + 1e-9);
        }
      }
      expect(inside / 400).toBeGreaterThan(0.4); // in units of the radius squared
    },
  );

  test('a square fills its box; a circle fills its disk', () => {
    expect(outlines.square(0, 0)).toBeCloseTo(-0.8, 12);
    expect(outlines.square(1.8, 0.3)).toBeCloseTo(1, 12);
    expect(outlines.square(1.1, 1.2)).toBeCloseTo(0.5, 12);
    expect(outlines.circle(0.3, 0.4)).toBeCloseTo(-0.42, 12);
    expect(outlines.ring(0, 0)).toBeCloseTo(0.52, 12);
  });
});
