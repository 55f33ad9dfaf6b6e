// The toy distributions against their closed forms, and as data sources.
import { describe, expect, test } from 'vitest';
import type { DataConfig } from '../../catalog';
import { countModes } from '../../math/modes';
import { openSource, type DataContext } from '../index';

const context: DataContext = {
  seed: 1,
  folder: '/',
  workers: { count: 1, run: () => Promise.reject(new Error('points need no threads')), close: async () => {} },
};
const ring: DataConfig<'gaussians-ring'> = {
  source: 'gaussians-ring',
  modes: 8,
  radius: 2,
  sigma: 0.02,
  scale: 1 / 1.414,
  samples: null,
  validation: 0,
};
const grid: DataConfig<'gaussians-grid'> = {
  source: 'gaussians-grid',
  side: 5,
  spacing: 2,
  sigma: 0.05,
  scale: 1 / 2.828,
  samples: null,
  validation: 0,
};
const roll: DataConfig<'swiss-roll'> = {
  source: 'swiss-roll',
  noise: 0.25,
  scale: 1 / 7.5,
  samples: null,
  validation: 0,
};
const line: DataConfig<'vertical-line'> = { source: 'vertical-line', theta: 0.5, samples: null, validation: 0 };

const key = (step = 0, stream = 'data', seed = 1) => ({ seed, stream, step });
const draw = async (data: DataConfig, n: number, k = key(), from: 'batch' | 'validationBatch' = 'batch') => {
  const out = new Float32Array(2 * n);
  (await openSource(data, context))[from](k, out);
  return out;
};
const sum = (n: number, f: (i: number) => number) => {
  let total = 0;
  for (let i = 0; i < n; i++) total += f(i);
  return total;
};
const pairs = (x: Float32Array) => Array.from({ length: x.length / 2 }, (_, i) => `${x[2 * i]},${x[2 * i + 1]}`);

describe('mixtures', () => {
  test('place the ring at the centers of gan_toy.py', async () => {
    const { mixture } = await openSource(ring, context);
    const h = 1 / Math.sqrt(2);
    const listed = [
      [1, 0],
      [h, h],
      [0, 1],
      [-h, h],
      [-1, 0],
      [-h, -h],
      [0, -1],
      [h, -h],
    ];
    listed.flat().forEach((value, i) => expect(mixture!.centers[i]).toBeCloseTo((2 * value) / 1.414, 6));
    expect(mixture!.sigma).toBeCloseTo(0.02 / 1.414, 12);
  });

  test('place the grid at the centers of gan_toy.py, symmetric about the origin for even sides', async () => {
    const { mixture } = await openSource(grid, context);
    const listed = [-2, -1, 0, 1, 2].flatMap((x) => [-2, -1, 0, 1, 2].flatMap((y) => [x, y]));
    listed.forEach((value, i) => expect(mixture!.centers[i]).toBeCloseTo((2 * value) / 2.828, 6));
    expect(mixture!.sigma).toBeCloseTo(0.05 / 2.828, 12);
    const even = await openSource({ ...grid, side: 2, scale: 1 }, context);
    expect([...even.mixture!.centers]).toEqual([-1, -1, -1, 1, 1, -1, 1, 1]);
  });

  test.each([
    ['ring', ring, 8],
    ['grid', grid, 25],
  ])('%s: draws every mode equally often, with its standard deviation', async (_, data, modes) => {
    const n = 50_000;
    const x = await draw(data, n);
    const { mixture } = await openSource(data, context);
    const count = countModes(x, mixture!.centers, mixture!.sigma);
    expect(count.covered).toBe(modes);
    const share = 1 - Math.exp(-4.5); // of a Gaussian in the plane within 3σ
    expect(Math.abs(count.highQuality - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / n));
    for (const k of count.perMode) {
      expect(Math.abs(k - (n * share) / modes)).toBeLessThan(5 * Math.sqrt(n / modes));
    }
    const spread = sum(n, (i) => {
      const squares = Array.from(
        { length: modes },
        (_, m) => (x[2 * i] - mixture!.centers[2 * m]) ** 2 + (x[2 * i + 1] - mixture!.centers[2 * m + 1]) ** 2,
      );
      return Math.min(...squares);
    });
    expect(spread / n / (2 * mixture!.sigma ** 2)).toBeCloseTo(1, 1); // E‖x − c‖² = 2σ²
  });

  test('give the grid unit variance per coordinate at its default scale', async () => {
    const n = 20_000;
    const x = await draw(grid, n);
    for (const axis of [0, 1]) expect(sum(n, (i) => x[2 * i + axis] ** 2) / n).toBeCloseTo(1, 1); // 8 / 2.828²
  });
});

describe('swiss roll', () => {
  test('lies on the spiral without noise, uniformly along t', async () => {
    const n = 20_000;
    const x = await draw({ ...roll, noise: 0 }, n);
    let [mean, square] = [0, 0];
    for (let i = 0; i < n; i++) {
      const t = 7.5 * Math.hypot(x[2 * i], x[2 * i + 1]); // the radius is t
      expect(t).toBeGreaterThan(1.5 * Math.PI - 1e-5);
      expect(t).toBeLessThan(4.5 * Math.PI + 1e-5);
      expect(Math.abs(x[2 * i] - (t * Math.cos(t)) / 7.5)).toBeLessThan(1e-5);
      expect(Math.abs(x[2 * i + 1] - (t * Math.sin(t)) / 7.5)).toBeLessThan(1e-5);
      mean += t / n;
      square += t ** 2 / n;
    }
    expect(mean).toBeCloseTo(3 * Math.PI, 0);
    expect(Math.sqrt(square - mean ** 2)).toBeCloseTo((3 * Math.PI) / Math.sqrt(12), 1);
  });

  test('has the variance of its noise added', async () => {
    const n = 50_000;
    const [clean, noisy] = [await draw({ ...roll, noise: 0 }, n), await draw(roll, n)];
    const variance = sum(2 * n, (i) => (noisy[i] - clean[i]) ** 2) / (2 * n);
    expect(variance / (0.25 / 7.5) ** 2).toBeCloseTo(1, 1);
  });
});

describe('a distribution sampled for every batch', () => {
  test.each([ring, grid, roll])(
    '$source: depends only on the key, and validation samples are independent',
    async (data) => {
      const source = await openSource(data, context);
      expect(source).toMatchObject({ shape: [2], size: Infinity, validationSize: Infinity });
      const first = await draw(data, 64);
      expect(await draw(data, 64)).toEqual(first);
      for (const other of [key(1), key(0, 'other'), key(0, 'data', 2)]) {
        const shared = pairs(await draw(data, 64, other)).filter((point) => pairs(first).includes(point));
        expect(shared).toEqual([]);
      }
      const held = await draw(data, 64, key(), 'validationBatch');
      expect(pairs(held).some((point) => pairs(first).includes(point))).toBe(false);
      // A call leaves nothing behind for the next one, whatever its size.
      const out = new Float32Array(20);
      source.batch(key(5), new Float32Array(200));
      source.batch(key(), out);
      const fresh = new Float32Array(20);
      (await openSource(data, context)).batch(key(), fresh);
      expect(out).toEqual(fresh);
    },
  );
});

describe('a finite data set', () => {
  test.each([ring, grid, roll])('$source: has every point once per epoch, except the held-out ones', async (data) => {
    const fixed = { ...data, samples: 50, validation: 0.2 } as DataConfig;
    const source = await openSource(fixed, context);
    expect(source).toMatchObject({ size: 40, validationSize: 10 });
    expect(source.notes[0]).toContain('50 points drawn once; 10 points held out');
    const epoch = pairs(await draw(fixed, 40));
    const held = pairs(await draw(fixed, 10, key(), 'validationBatch'));
    expect(new Set([...epoch, ...held]).size).toBe(50);
    const next = pairs(await draw(fixed, 40, key(1)));
    expect(next).not.toEqual(epoch);
    expect(next.sort()).toEqual(epoch.sort());
    const other = new Float32Array(80);
    (await openSource(fixed, { ...context, seed: 2 })).batch(key(), other);
    expect(pairs(other).some((point) => epoch.includes(point))).toBe(false);
  });

  test('has no validation batch without held-out points', async () => {
    const source = await openSource({ ...ring, samples: 5 }, context);
    expect(source).toMatchObject({ size: 5, validationSize: 0, mixture: { sigma: expect.any(Number) as number } });
    expect(() => source.validationBatch(key(), new Float32Array(4))).toThrow('empty set');
  });
});

test('vertical line: x is theta and y uniform, whether sampled for every batch or once', async () => {
  const source = await openSource(line, context);
  const out = new Float32Array(20_000);
  source.batch({ seed: 1, stream: 'data', step: 0 }, out);
  let [mean, square] = [0, 0];
  for (let i = 0; i < out.length; i += 2) {
    expect(out[i]).toBe(0.5);
    mean += out[i + 1] / 10_000;
    square += out[i + 1] ** 2 / 10_000;
  }
  expect(mean).toBeCloseTo(1 / 2, 1);
  expect(square).toBeCloseTo(1 / 3, 1);
  expect(await openSource({ ...line, samples: 50, validation: 0.2 }, context)).toMatchObject({
    size: 40,
    validationSize: 10,
  });
});
