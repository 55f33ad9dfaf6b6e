// Every float32 is written with the fewest digits that reproduce it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxNumberBytes, writeFloat32, writeInteger } from './float32Text';

const written = (write: (value: number, out: Uint8Array, at: number) => number, value: number) => {
  const out = Buffer.alloc(2 + maxNumberBytes);
  const end = write(value, out, 2);
  expect(end).toBeLessThanOrEqual(out.length);
  return out.toString('latin1', 2, end);
};

/** The shortest decimal, from the definition. */
function shortest(value: number): string {
  if (Number.isNaN(value)) return '';
  for (let digits = 6; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

describe('a float32 as text', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.1, '0.1'],
    [-0.5, '-0.5'],
    [1 / 3, '0.33333334'],
    [1e-5, '0.00001'],
    [1e-9, '1e-9'],
    [123456, '123456'],
    [1e8, '100000000'],
    [16777216, '16777216'],
    [999999999, '1000000000'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [NaN, ''],
  ])('of %d is %s', (value, text) => expect(written(writeFloat32, Math.fround(value))).toBe(text));

  it('reproduces any value, and is as short as can be', () => {
    fc.assert(
      fc.property(fc.float(), (value) => {
        const text = written(writeFloat32, value);
        if (Number.isNaN(value)) expect(text).toBe('');
        else expect(Math.fround(Number(text))).toBe(value === 0 ? 0 : value);
        expect(text.length).toBeLessThanOrEqual(shortest(value).length);
      }),
      { numRuns: 20_000 },
    );
  });

  it('of usual sizes too', () => {
    fc.assert(
      fc.property(fc.double({ min: -12, max: 12, noNaN: true }), fc.boolean(), (exponent, negative) => {
        const value = Math.fround((negative ? -1 : 1) * 10 ** exponent);
        const text = written(writeFloat32, value);
        expect(Math.fround(Number(text))).toBe(value);
        expect(text.length).toBeLessThanOrEqual(shortest(value).length);
      }),
      { numRuns: 20_000 },
    );
  });
});

it('a whole number is written with all its digits', () => {
  for (const value of [0, 9, 10, 4_294_967_295, 2 ** 53]) expect(written(writeInteger, value)).toBe(String(value));
});
