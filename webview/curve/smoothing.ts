// Which smoothing fits a curve.
import { smoothingWindow } from '../../src/math/recentMedian';

/**
 * Window lengths of the median filter, in steps; `auto` fits the length of the run. Arjovsky et al. (2017),
 * Wasserstein GAN, plot their curves with 101.
 */
export const smoothingWindows = ['auto', 1, 11, 101, 501] as const;

export type SmoothingWindow = (typeof smoothingWindows)[number];

/** The window for a curve of `rows` rows: the selected one, or the one that fits its length. */
export const windowFor = (rows: number, selected: SmoothingWindow): number =>
  selected === 'auto' ? smoothingWindow(rows) : selected;
