// The synthetic digits: deterministic, labeled, in range, centered, and classified by their nearest neighbors.
import { beforeAll, describe, expect, test } from 'vitest';
import type { DataConfig } from '../../catalog';
import type { DataContext } from '../dataSource';
import { openDigits, type DigitSource } from './digits';

const context = (seed = 1): DataContext => ({
  seed,
  folder: '/',
  workers: { count: 1, run: () => Promise.reject(new Error('digits need no threads')), close: async () => {} },
});
const open = (data: Partial<DataConfig<'digits'>> = {}, seed?: number) =>
  openDigits({ source: 'digits', size: 28, samples: 200, validation: 0, ...data }, context(seed));
const image = ({ bytes }: DigitSource, i: number, size = 28) => bytes.subarray(i * size * size, (i + 1) * size * size);
const distance = (a: Uint8Array, b: Uint8Array) => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return sum;
};

let digits: DigitSource;
beforeAll(async () => {
  digits = await open({ samples: 2000 });
});

describe('digits', () => {
  test('depend only on the seed and their index', async () => {
    expect((await open()).bytes).toEqual(digits.bytes.slice(0, 200 * 784));
    const other = await open({}, 2);
    for (let i = 0; i < 200; i++) expect(distance(image(other, i), image(digits, i))).toBeGreaterThan(0);
    expect([...digits.labels!.classes.slice(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  });

  test('look like MNIST: white strokes on black, with soft edges, inside the image', () => {
    let [ink, border] = [0, 0];
    for (let i = 0; i < 2000; i++) {
      const pixels = image(digits, i);
      expect(pixels.filter((value) => value > 200).length).toBeGreaterThan(5);
      expect(pixels.filter((value) => value === 0).length).toBeGreaterThan(400);
      expect(pixels.some((value) => value > 20 && value < 200)).toBe(true);
      pixels.forEach((value, k) => {
        ink += value / 255;
        const [x, y] = [k % 28, Math.floor(k / 28)];
        if (x === 0 || y === 0 || x === 27 || y === 27) border += value / 255;
      });
    }
    expect(ink / 2000 / 784).toBeGreaterThan(0.1); // MNIST's mean is 0.1307
    expect(ink / 2000 / 784).toBeLessThan(0.16);
    expect(border / ink).toBeLessThan(0.001);
  });

  test('are centered, and no two of a class are equal', () => {
    let [x, y, ink] = [0, 0, 0];
    digits.bytes.forEach((value, k) => {
      x += value * ((k % 28) + 0.5);
      y += value * ((Math.floor(k / 28) % 28) + 0.5);
      ink += value;
    });
    expect(Math.abs(x / ink - 14)).toBeLessThan(0.6);
    expect(Math.abs(y / ink - 14)).toBeLessThan(0.6);
    for (let label = 0; label < 10; label++) {
      for (let i = label; i < 400; i += 10) {
        for (let j = label; j < i; j += 10) {
          expect(distance(image(digits, i), image(digits, j))).toBeGreaterThan(100_000);
        }
      }
    }
  });

  test('have the label of their nearest neighbor among 1,700 for 95 % of 300', () => {
    let right = 0;
    for (let i = 1700; i < 2000; i++) {
      let [nearest, least] = [0, Infinity];
      for (let j = 0; j < 1700; j++) {
        const d = distance(image(digits, i), image(digits, j));
        if (d < least) [nearest, least] = [j, d];
      }
      if (digits.labels!.classes[i] === digits.labels!.classes[nearest]) right++;
    }
    expect(right / 300).toBeGreaterThan(0.93);
  });

  test.each([16, 32, 64] as const)('are the same at %i pixels, only larger or smaller', async (size) => {
    const source = await open({ size });
    expect(source.shape).toEqual([size, size, 1]);
    const share = (bytes: Uint8Array) => bytes.reduce((a, b) => a + b, 0) / bytes.length;
    for (let i = 0; i < 200; i++) {
      const ratio = share(image(source, i, size)) / share(image(digits, i));
      expect(Math.abs(ratio - 1)).toBeLessThan(size === 16 ? 0.2 : 0.1);
    }
  });

  test('are in [-1, 1], from the training split, and the split depends on the seed', async () => {
    const source = await open({ validation: 0.1 });
    expect(source).toMatchObject({ size: 180, validationSize: 20 });
    const known = new Map(Array.from({ length: 200 }, (_, i) => [image(source, i).join(), i]));
    const indices = (out: Float32Array) =>
      Array.from({ length: out.length / 784 }, (_, i) =>
        known.get(Array.from(out.subarray(i * 784, (i + 1) * 784), (value) => Math.round((value + 1) * 127.5)).join()),
      );
    const key = { seed: 1, stream: 'data', step: 0 };
    const [training, held] = [new Float32Array(180 * 784), new Float32Array(20 * 784)];
    source.batch(key, training);
    source.validationBatch(key, held);
    expect(Math.min(...training.subarray(0, 7840))).toBe(-1);
    expect(Math.max(...training.subarray(0, 7840))).toBe(1);
    const all = [...indices(training), ...indices(held)].sort((a, b) => a! - b!);
    expect(all).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });
});
