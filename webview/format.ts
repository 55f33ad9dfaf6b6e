// How numbers, durations and rates are written on the page, in its language.
import { language, t, type Translate } from './l10n';

/** What stands where there is no number. */
export const noValue = '–';

/** Writes numbers as people of a language do; `t` has the words between them. */
export function createFormatters(language: string, t: Translate) {
  const digits = cached((n) => new Intl.NumberFormat(language, { minimumFractionDigits: n, maximumFractionDigits: n }));
  const shares = cached(
    (n) => new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: n, maximumFractionDigits: n }),
  );
  const rounds = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  const points = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const point =
    digits(1)
      .formatToParts(0.5)
      .find(({ type }) => type === 'decimal')?.value ?? '.';

  /** A whole number with its thousands set apart: 12,500. */
  const count = (value: number): string => signed(digits(0).format(value));

  /** A measured number with four significant digits, in a width that changes little: 0.3142, 31.42, 3,142, 3.142e−7. */
  function measured(value: number): string {
    if (Number.isNaN(value)) return noValue;
    if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
    const size = Math.abs(value);
    if (value === 0) return '0';
    if (size < 1e-4 || size >= 1e7) return signed(value.toExponential(3)).replace('.', point);
    return signed(digits(Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size))))).format(value));
  }

  /** A round number, as on an axis, without the digits that say nothing: 0.5, 2,000, 1e−4. */
  function round(value: number): string {
    const size = Math.abs(value);
    if (size < 1e6 && (size >= 1e-3 || value === 0)) return signed(rounds.format(value));
    return signed(String(value.toExponential(3)).replace(/\.?0+e/, 'e')).replace('.', point);
  }

  /** A share in [0, 1] as percent, with one digit behind the point: 25.0%. */
  const percent = (share: number, decimals = 1): string =>
    Number.isFinite(share) ? signed(shares(decimals).format(share)) : noValue;

  /** A length of time in its two largest units: 42 s, 3 min 05 s, 2 h 07 min, 1 d 04 h. */
  function duration(seconds: number): string {
    if (!Number.isFinite(seconds)) return noValue;
    const whole = Math.max(0, Math.round(seconds));
    const two = (value: number) => String(value).padStart(2, '0');
    if (whole < 60) return t('{0} s', whole);
    if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), two(whole % 60));
    const minutes = Math.round(whole / 60);
    if (minutes < 24 * 60) return t('{0} h {1} min', Math.floor(minutes / 60), two(minutes % 60));
    const hours = Math.round(minutes / 60);
    return t('{0} d {1} h', count(Math.floor(hours / 24)), two(hours % 24));
  }

  /** Steps a second, or the length of a step where it takes longer than a second: 22.6 it/s, 3.41 s/it. */
  function pace(secondsPerStep: number): string {
    if (!(secondsPerStep > 0)) return noValue;
    return secondsPerStep < 1
      ? t('{0} it/s', significant(1 / secondsPerStep))
      : t('{0} s/it', significant(secondsPerStep));
  }

  const significant = (value: number): string => (value >= 100 ? count(value) : points.format(value));

  return { count, measured, round, percent, duration, pace };
}

export const { count, measured, round, percent, duration, pace } = createFormatters(language, t);

/** How the numbers of a chart are written. */
export const writers = {
  measured,
  share: (value: number) => percent(value),
  count: (value: number) => (Number.isNaN(value) ? noValue : count(value)),
} as const;

/** A formatter is costly to make. */
function cached<T>(make: (n: number) => T): (n: number) => T {
  const made = new Map<number, T>();
  return (n) => {
    const value = made.get(n) ?? make(n);
    made.set(n, value);
    return value;
  };
}

/** With the minus sign of mathematics, which is as wide as a digit. */
const signed = (text: string): string => text.replace(/-/g, '−');
