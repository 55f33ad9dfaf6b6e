// Moving averages of named quantities, as plain data that a checkpoint can hold.

/** The average of a quantity over about its last `window` values; their plain mean while there are fewer. */
export interface Average {
  /** Values so far, at most the window. */
  readonly count: number;
  readonly mean: number;
  /** The average of the squares. */
  readonly square: number;
}

/** The average with one more value, of weight 1/n for the n-th up to the window, then exponential. */
export function averaged(before: Average | undefined, value: number, window: number): Average {
  const { count: earlier, mean, square } = before ?? { count: 0, mean: 0, square: 0 };
  const count = Math.min(earlier + 1, window);
  return { count, mean: mean + (value - mean) / count, square: square + (value * value - square) / count };
}

/** The standard error of the mean, as if the average were over `count` independent values. */
export const standardError = ({ count, mean, square }: Average): number =>
  count < 2 ? Infinity : Math.sqrt(Math.max(0, square - mean * mean) / (count - 1));
