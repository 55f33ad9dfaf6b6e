// Formats numbers, durations and rates in the page's language.
import { language, t, type Translate } from './l10n';

/** Shown in place of a missing number. */
export const noValue = '–';

/** Formatters for a BCP 47 language; `t` translates the units. */
export function createFormatters(language: string, t: Translate) {
  const digits = cached((n) => new Intl.NumberFormat(language, { minimumFractionDigits: n, maximumFractionDigits: n }));
  const percents = cached(
    (n) => new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: n, maximumFractionDigits: n }),
  );
  const roundFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  const threeDigits = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const decimalPoint =
    digits(1)
      .formatToParts(0.5)
      .find(({ type }) => type === 'decimal')?.value ?? '.';

  /** A whole number with thousands separators: 12,500. */
  const formatCount = (value: number): string => withMinusSign(digits(0).format(value));

  /** A measured value with four significant digits: 0.3142, 31.42, 3,142, 3.142e−7. */
  function formatMeasurement(value: number): string {
    if (Number.isNaN(value)) return noValue;
    if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
    const size = Math.abs(value);
    if (value === 0) return '0';
    if (size < 1e-4 || size >= 1e7) return withMinusSign(value.toExponential(3)).replace('.', decimalPoint);
    return withMinusSign(digits(Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size))))).format(value));
  }

  /** A round number, as on an axis, without trailing zeros: 0.5, 2,000, 1e−4. */
  function round(value: number): string {
    const size = Math.abs(value);
    if (size < 1e6 && (size >= 1e-3 || value === 0)) return withMinusSign(roundFormat.format(value));
    return withMinusSign(String(value.toExponential(3)).replace(/\.?0+e/, 'e')).replace('.', decimalPoint);
  }

  /** A share in [0, 1] as a percentage: 25.0%. */
  const percent = (share: number, decimals = 1): string =>
    Number.isFinite(share) ? withMinusSign(percents(decimals).format(share)) : noValue;

  /** A duration in its two largest units: 42 s, 3 min 05 s, 2 h 07 min, 1 d 04 h. */
  function duration(seconds: number): string {
    if (!Number.isFinite(seconds)) return noValue;
    const whole = Math.max(0, Math.round(seconds));
    const twoDigits = (value: number) => String(value).padStart(2, '0');
    if (whole < 60) return t('{0} s', whole);
    if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), twoDigits(whole % 60));
    const minutes = Math.round(whole / 60);
    if (minutes < 24 * 60) return t('{0} h {1} min', Math.floor(minutes / 60), twoDigits(minutes % 60));
    const hours = Math.round(minutes / 60);
    return t('{0} d {1} h', formatCount(Math.floor(hours / 24)), twoDigits(hours % 24));
  }

  /** Steps per second, or seconds per step for slow steps: 22.6 it/s, 3.41 s/it. */
  function stepRate(secondsPerStep: number): string {
    if (!(secondsPerStep > 0)) return noValue;
    return secondsPerStep < 1
      ? t('{0} it/s', significant(1 / secondsPerStep))
      : t('{0} s/it', significant(secondsPerStep));
  }

  const significant = (value: number): string => (value >= 100 ? formatCount(value) : threeDigits.format(value));

  return { formatCount, formatMeasurement, round, percent, duration, stepRate };
}

export const { formatCount, formatMeasurement, round, percent, duration, stepRate } = createFormatters(language, t);

/** Formatters by the number format of a chart. */
export const writers = {
  measured: formatMeasurement,
  share: (value: number) => percent(value),
  count: (value: number) => (Number.isNaN(value) ? noValue : formatCount(value)),
} as const;

/** Creating an Intl formatter is expensive. */
function cached<T>(make: (n: number) => T): (n: number) => T {
  const made = new Map<number, T>();
  return (n) => {
    const value = made.get(n) ?? make(n);
    made.set(n, value);
    return value;
  };
}

/** With the mathematical minus sign, which is as wide as a digit. */
const withMinusSign = (text: string): string => text.replace(/-/g, '−');
