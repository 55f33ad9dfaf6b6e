import { expect, test } from 'vitest';
import { firstFew, formatBytes, list, plural } from './text';

test.each([
  [0, 'no images'],
  [1, '1 image'],
  [1204, '1,204 images'],
])('%d images read %s', (count, text) => expect(plural(count, 'image')).toBe(text));

test('a plural that does not end in s is given', () => {
  expect(plural(2, 'index', 'indices')).toBe('2 indices');
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('the list %j reads %j', (items, text) => expect(list(items, 'or')).toBe(text));

test('a long list is cut after the first few items', () => {
  expect(firstFew(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(firstFew(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [640 * 2 ** 20, '640 MiB'],
])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
