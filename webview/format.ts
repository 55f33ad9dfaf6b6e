// How numbers, durations and rates are written on the page.

/** What stands where there is no number. */
export const nothing = '–';

/** A whole number with its thousands set apart: 12,500. */
export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** A measured number with four significant digits, in a width that changes little: 0.3142, 31.42, 3,142, 3.142e-7. */
export function measured(value: number): string {
  if (Number.isNaN(value)) return nothing;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size < 1e-4 || size >= 1e7) return signed(value.toExponential(3));
  const digits = Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size))));
  return signed(value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** A share in [0, 1] as percent, with one digit behind the point: 25.0 %. */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : nothing;

/** How the numbers of a chart are written. */
export const writers = { measured, share: (value: number) => percent(value), count: (value: number) => (Number.isNaN(value) ? nothing : count(value)) } as const; // prettier-ignore

/** A length of time in its two largest units: 42 s, 3 min 05 s, 2 h 07 min, 1 d 04 h. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return nothing;
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Steps a second, or the length of a step where it takes longer than a second: 22.6 it/s, 3.41 s/it. */
export function pace(secondsPerStep: number): string {
  if (!(secondsPerStep > 0)) return nothing;
  return secondsPerStep < 1 ? `${significant(1 / secondsPerStep)} it/s` : `${significant(secondsPerStep)} s/it`;
}

const significant = (value: number): string => (value >= 100 ? count(value) : value.toPrecision(3));

/** With the minus sign of mathematics, which is as wide as a digit. */
const signed = (text: string): string => text.replace(/-/g, '−');
