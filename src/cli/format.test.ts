import { expect, it } from 'vitest';
import { alignColumns, duration, throughput } from './format';

it.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [59.6, '1:00'],
  [723, '12:03'],
  [3723, '1:02:03'],
  [360_000, '100:00:00'],
  [-1, '0:00'],
])('formats a duration of %d s as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

it.each([
  [0.25, '4.00 s/it'],
  [38.234, '38.2 it/s'],
  [1234.5, '1235 it/s'],
  [0, ''],
  [NaN, ''],
])('formats a throughput of %d steps per second as %s', (rate, text) => expect(throughput(rate)).toBe(text));

it('aligns columns without trailing spaces', () => {
  expect(
    alignColumns([
      ['a', 'bbb', ''],
      ['cc', 'd', 'e'],
    ]),
  ).toEqual(['a   bbb', 'cc  d    e']);
});
