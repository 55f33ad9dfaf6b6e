// Words for counts and lists.
import { expect, test } from 'vitest';
import { count, some } from './notes';

test('count', () => {
  expect(count(1204, 'image')).toBe('1,204 images');
  expect(count(1, 'image')).toBe('1 image');
  expect(count(0, 'image')).toBe('no images');
  expect(count(2, 'entry', 'entries')).toBe('2 entries');
});

test('some', () => {
  expect(some(['a', 'b'])).toBe('a, b');
  expect(some(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
});
