import { expect, test } from 'vitest';
import { clean, firstFew, formatBytes, list, plural, significant } from './text';

test.each([
  [0, 'no images'],
  [1, '1 image'],
  [1204, '1,204 images'],
])('%d images are written as %s', (count, text) => expect(plural(count, 'image')).toBe(text));

test('an irregular plural can be given', () => {
  expect(plural(2, 'index', 'indices')).toBe('2 indices');
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('the list %j is written as %j', (items, text) => expect(list(items, 'or')).toBe(text));

test('a long list is truncated after the first few items', () => {
  expect(firstFew(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(firstFew(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [640 * 2 ** 20, '640 MiB'],
  [2 ** 70, '1048576 PiB'],
])('%d bytes are written as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('control characters and bidirectional marks are escaped', () => {
  expect(clean('a\x1b[31mb\r\n\x07\x9b2J\x7f')).toBe('a\\x1b[31mb\\x0d\\x0a\\x07\\x9b2J\\x7f');
  expect(clean('a\u202egnp.exe\u2066\u2028')).toBe('a\\u202egnp.exe\\u2066\\u2028');
});
test('names in any script are not changed', () => {
  const name = 'Größe – 生成 🙂 ñ';
  expect(clean(name)).toBe(name);
});

test.each([
  [0.213456, '0.2135'],
  [-0.5, '-0.5'],
  [38.2441, '38.24'],
  [12345.6, '12346'],
  [1.234e-7, '1.23e-7'],
  [2.5e9, '2.50e+9'],
  [0, '0'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('%d is rounded to significant digits as %s', (value, text) => expect(significant(value)).toBe(text));
