// Which values of an image file are black and white, deduced from its extremes.

/** Values may exceed a usual range by this fraction of it, as rounding and resizing make them. */
const rounding = 1e-3;
/** Values up to 255 of which none exceeds this are of fewer bits: the digits of scikit-learn go to 16. */
export const fewBits = 32;

const usual = [
  [0, 1],
  [-1, 1],
  [0, 255],
] as const;

/** The narrowest usual range that contains all values; otherwise the extremes themselves. */
export function guessedRange(least: number, greatest: number): readonly [black: number, white: number] {
  const found = usual.find(([from, to]) => {
    const tolerance = rounding * (to - from);
    return least >= from - tolerance && greatest <= to + tolerance;
  });
  return found === undefined || (found[1] === 255 && greatest <= fewBits) ? [least, greatest] : found;
}
