// Which smoothing fits a curve.

/**
 * Window lengths of the median filter, in steps; `auto` fits the length of the run. Arjovsky et al. (2017),
 * Wasserstein GAN, plot their curves with 101.
 */
export const smoothingWindows = ['auto', 1, 11, 101, 501] as const;

export type SmoothingWindow = (typeof smoothingWindows)[number];

const windows = [1, 3, 5, 7, 11, 15, 21, 31, 51, 75, 101, 151, 201, 301, 501] as const;

/** The longest window that is at most this share of the run. */
const share = 1 / 25;

/**
 * The window for a curve of `rows` rows: the selected one, or for `auto` at most a twenty-fifth of the curve, so that
 * the smoothed curve has the shape of the raw one at any length.
 */
export const windowFor = (rows: number, selected: SmoothingWindow): number =>
  selected === 'auto' ? (windows.findLast((each) => each <= share * rows) ?? 1) : selected;
