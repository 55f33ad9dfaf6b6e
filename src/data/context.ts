// What opening a data source needs besides the data's own parameters.
import type { Workers } from './workers';

export interface DataContext {
  /** Seed of everything that is drawn once: splits, fixed data sets, digits. */
  readonly seed: number;
  /** Folder of the experiment file, where relative paths start. */
  readonly folder: string;
  /** Threads that decode. None is started where nothing is decoded. */
  readonly workers: Workers;
  /** Told now and then how many of how many files are decoded. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborted, opening ends with the signal's reason. */
  readonly signal?: AbortSignal;
}
