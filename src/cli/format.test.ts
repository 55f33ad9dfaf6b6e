import { describe, expect, it } from 'vitest';
import { bytes, clean, duration, plural, significant, throughput } from './format';

describe('clean', () => {
  it('shows what would act on a terminal', () => {
    expect(clean('a\x1b[31mb\r\n\x07\x9b2J\x7f')).toBe('a\\x1b[31mb\\x0d\\x0a\\x07\\x9b2J\\x7f');
    expect(clean('a\u202egnp.exe\u2066\u2028')).toBe('a\\u202egnp.exe\\u2066\\u2028');
  });
  it('leaves names of any script as they are', () => {
    const name = 'Größe – 生成 🙂 ñ';
    expect(clean(name)).toBe(name);
  });
});

it.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [59.6, '1:00'],
  [723, '12:03'],
  [3723, '1:02:03'],
  [360_000, '100:00:00'],
  [-1, '0:00'],
])('duration of %d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));

it.each([
  [0.213456, '0.2135'],
  [-0.5, '-0.5'],
  [38.2441, '38.24'],
  [12345.6, '12346'],
  [1.234e-7, '1.23e-7'],
  [2.5e9, '2.50e+9'],
  [0, '0'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('%d with significant digits is %s', (value, text) => expect(significant(value)).toBe(text));

it.each([
  [0.25, '4.00 s/it'],
  [38.234, '38.2 it/s'],
  [1234.5, '1235 it/s'],
  [0, ''],
  [NaN, ''],
])('throughput of %d steps a second is %s', (rate, text) => expect(throughput(rate)).toBe(text));

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [640 * 2 ** 20, '640 MiB'],
  [2 ** 70, '1048576 PiB'],
])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

it('counts with the right ending', () => {
  expect([0, 1, 2].map((count) => plural(count, 'error'))).toEqual(['0 errors', '1 error', '2 errors']);
});
