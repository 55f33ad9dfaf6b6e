// Formatting of numbers, durations and rates.
import { describe, expect, it } from 'vitest';
import { formatCount, duration, formatMeasurement, percent, stepRate, noValue, createFormatters } from './format';
import { translator } from './l10n';

describe('number formats', () => {
  it.each([
    [0.46294, '0.4629'],
    [31.4159, '31.42'],
    [3141.59, '3,142'],
    [-0.5084, '−0.5084'],
    [0.00012345, '0.000123'],
    [3.1416e-7, '3.142e−7'],
    [123456789, '1.235e+8'],
    [0, '0'],
    [NaN, '–'],
    [-Infinity, '−∞'],
  ])('formats the value %f as %s', (value, text) => expect(formatMeasurement(value)).toBe(text));

  it.each([
    [0.4, '0 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.7, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [86_399, '1 d 00 h'],
    [100_800, '1 d 04 h'],
    [-3, '0 s'],
    [NaN, '–'],
  ])('formats %f seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('formats rates, percentages and counts', () => {
    expect([stepRate(0.04425), stepRate(3.407), stepRate(0.0005), stepRate(0), stepRate(NaN)]).toEqual([
      '22.6 it/s',
      '3.41 s/it',
      '2,000 it/s',
      '–',
      '–',
    ]);
    expect([percent(0.25), percent(0.6789, 0), percent(NaN), formatCount(12500)]).toEqual([
      '25.0%',
      '68%',
      '–',
      '12,500',
    ]);
  });
});

describe('German number formats', () => {
  const { formatCount, formatMeasurement, round, percent, duration, stepRate } = createFormatters(
    'de',
    translator({ '{0} it/s': '{0} Schritte/s' }),
  );

  it('have German thousands separators and decimal commas', () => {
    expect([
      formatCount(12500),
      formatMeasurement(3141.59),
      formatMeasurement(-0.5084),
      formatMeasurement(3.1416e-7),
      round(1.5e-4),
      round(0.25),
      round(-2e6),
    ]).toEqual(['12.500', '3.142', '−0,5084', '3,142e−7', '1,5e−4', '0,25', '−2e+6']);
    expect([percent(0.256), percent(NaN), stepRate(0.04425), duration(185)]).toEqual([
      '25,6\u00a0%',
      noValue,
      '22,6 Schritte/s',
      '3 min 05 s',
    ]);
  });
});
