// Moving averages.
import { expect, test } from 'vitest';
import { averaged, standardError, type Average } from './averages';

const of = (values: readonly number[], window: number): Average =>
  values.reduce<Average | undefined>((before, value) => averaged(before, value, window), undefined)!;

test('the average is the plain mean up to the window', () => {
  const { count, mean, square } = of([1, 2, 6], 5);
  expect(count).toBe(3);
  expect(mean).toBeCloseTo(3, 12);
  expect(square).toBeCloseTo(41 / 3, 12);
});

test('after the window, each value has the weight 1/window', () => {
  expect(of([0, 0, 0, 0, 8], 4)).toMatchObject({ count: 4, mean: 2 });
});

test('the standard error of the mean is s/√n, with the variance of n − 1', () => {
  expect(standardError(of([1, 2, 6], 5))).toBeCloseTo(Math.sqrt(7 / 3), 12);
  expect(standardError(of([1], 5))).toBe(Infinity);
});
