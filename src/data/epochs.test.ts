// Splits and epochs: every sample once per epoch, and the effect of the key.
import { describe, expect, test } from 'vitest';
import { epochs, split } from './epochs';

const key = (step: number, stream = 'data', seed = 1) => ({ seed, stream, step });
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

describe('split', () => {
  test('has disjoint parts of the right size, in ascending order', () => {
    for (const [n, share, held] of [
      [10, 0, 0],
      [10, 0.1, 1],
      [1000, 0.25, 250],
      [3, 0.01, 1],
      [1, 0.5, 0],
      [2, 0.99, 1],
    ]) {
      const { training, validation } = split(n, share, 1);
      expect(validation).toHaveLength(held);
      expect(ascending([...training, ...validation])).toEqual(range(n));
      expect([...training]).toEqual(ascending(training));
      expect([...validation]).toEqual(ascending(validation));
    }
  });

  test('depends on the seed and is uniform over all positions', () => {
    const { validation } = split(1000, 0.1, 1);
    expect(split(1000, 0.1, 1).validation).toEqual(validation);
    expect(split(1000, 0.1, 2).validation).not.toEqual(validation);
    const mean = validation.reduce((a, b) => a + b) / 100;
    expect(Math.abs(mean - 499.5)).toBeLessThan(4 * (1000 / Math.sqrt(12 * 100)));
  });
});

describe('epochs', () => {
  const samples = Uint32Array.from(range(10), (i) => 100 + i);
  const batches = (B: number, steps: number, of = epochs(samples), stream?: string) =>
    range(steps).flatMap((step) => [...of(key(step, stream), B)]);

  test.each([1, 3, 4, 5, 7, 10, 23])('in batches of %i contain every sample once, across batch borders', (B) => {
    const sequence = batches(B, 70);
    for (let epoch = 0; 10 * (epoch + 1) <= sequence.length; epoch++) {
      expect(ascending(sequence.slice(10 * epoch, 10 * (epoch + 1)))).toEqual([...samples]);
    }
  });

  test('give a sequence that does not depend on the batch size or on earlier requests', () => {
    const whole = batches(10, 21);
    for (const B of [1, 3, 7, 23]) expect(batches(B, 9)).toEqual(whole.slice(0, 9 * B));
    const draw = epochs(samples);
    for (const step of [8, 2, 19, 2, 0]) {
      draw(key(step, 'other'), 4);
      expect([...draw(key(step), 10)]).toEqual(whole.slice(10 * step, 10 * step + 10));
    }
  });

  test('have a different order for each epoch, stream and seed', () => {
    const large = epochs(Uint32Array.from(range(500)));
    const orders = [key(0), key(1), key(0, 'other'), key(0, 'data', 2)].map((k) => [...large(k, 500)]);
    for (let i = 0; i < orders.length; i++) {
      for (let j = 0; j < i; j++) {
        const equal = orders[i].filter((value, k) => value === orders[j][k]).length;
        expect(equal).toBeLessThan(8); // one fixed point is expected of two random orders
      }
    }
  });

  test('are complete at the largest step of a key', () => {
    expect(ascending(epochs(samples)(key(2 ** 32 - 1), 10))).toEqual([...samples]);
  });

  test('reject an empty set, and return the same array from every call', () => {
    expect(() => epochs(new Uint32Array(0))(key(0), 1)).toThrow('empty set');
    const draw = epochs(samples);
    expect(draw(key(0), 4)).toBe(draw(key(1), 4));
  });
});
