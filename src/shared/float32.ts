// Numbers that are stored as float32, as people write them.

/**
 * The decimal number with the fewest digits that is stored as the same float32: 0.4057 for 0.4057000279426575. A value
 * that is no float32 is rounded to one.
 */
export function shortFloat32(value: number): number {
  const stored = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(stored.toPrecision(digits));
    if (Math.fround(short) === stored) return short;
  }
  return Number(stored.toPrecision(9));
}
