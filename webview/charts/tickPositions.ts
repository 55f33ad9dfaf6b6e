// Tick positions of linear and logarithmic axes.

/**
 * Multiples of 1, 2, 2.5 or 5 times a power of ten in [low, high], at most about `most` of them; whole numbers if
 * `whole`.
 */
export function linearTicks(low: number, high: number, most: number, whole = false): number[] {
  const least = (high - low) / Math.max(1, most);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(
    whole ? 1 : 0,
    (whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10])
      .map((digit) => digit * power)
      .find((each) => each >= least * (1 - 1e-9))!,
  );
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Rounded, since 3 · 0.1 is 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Ticks of a log10 axis over [low, high]: powers of ten, with multiples of 2 and 5 if they fit, or only every n-th
 * power if not; linear ticks if the axis spans less than a factor of four.
 */
export function logTicks(low: number, high: number, most: number): number[] {
  if (high - low < Math.log10(4))
    return linearTicks(10 ** low, 10 ** high, most)
      .filter((value) => value > 0)
      .map(Math.log10);
  const inside = (log: number) => log >= low - 1e-9 && log <= high + 1e-9;
  const from = Math.floor(low);
  const powers = Array.from({ length: Math.ceil(high) - from + 1 }, (_, i) => from + i);
  for (const digits of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = powers.flatMap((power) => digits.map((digit) => power + Math.log10(digit))).filter(inside);
    if (ticks.length <= most) return ticks;
  }
  const stride = Math.ceil((high - low) / Math.max(1, most));
  return powers.filter((power) => power % stride === 0 && inside(power));
}
