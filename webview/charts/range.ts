// The range of an axis of values: all that is drawn and the level that theory singles out, with some air.

export type Range = readonly [low: number, high: number];

/** `low` and `high` are null where nothing is drawn. A share never leaves [0, 1] by more than its air. */
export function valueRange(low: number | null, high: number | null, level: number | null, share: boolean): Range {
  const bounds = [low, high, level, ...(share ? [0, 1] : [])].filter((value) => value !== null);
  if (bounds.length === 0) return [0, 1];
  const [least, most] = [Math.min(...bounds), Math.max(...bounds)];
  const span = most - least || Math.abs(most) || 1;
  // A curve that comes near zero is shown with zero: that is where a distance is to go.
  const bottom = least >= 0 && least < 0.35 * span ? 0 : least - 0.06 * span;
  const top = most <= 0 && -most < 0.35 * span ? 0 : most + 0.06 * span;
  return [bottom, top];
}
