// The value of a noisy curve that all views of a run show: a median over its last steps.
import { median } from './median';

const windows = [1, 3, 5, 7, 11, 15, 21, 31, 51, 75, 101, 151, 201, 301, 501] as const;

/** The longest window that is at most this share of the run. */
const share = 1 / 25;

/**
 * The window of the median filter, an odd number of rows, for a curve of `rows` rows: at most a twenty-fifth of it, so
 * that the smoothed curve has the shape of the raw one at any length.
 */
export const smoothingWindow = (rows: number): number => windows.findLast((each) => each <= share * rows) ?? 1;

/** How many of the last values `recentMedian` takes of a curve of `rows` rows: the filter is cut off at its end. */
export const recentCount = (rows: number): number => (smoothingWindow(rows) + 1) / 2;

/** The largest result of `recentCount`. */
export const maxRecentCount = recentCount(Infinity);

/** The end of the smoothed curve of `rows` rows, of which `last` are the last values; NaN without a value. */
export const recentMedian = (rows: number, last: ArrayLike<number>): number =>
  median(Array.from(last).slice(-recentCount(rows)));
