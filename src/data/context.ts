// What opening a data source needs besides the data's own parameters.
import type { Workers } from './workers';

export interface DataContext {
  /** Seed of everything that is drawn once: splits, fixed data sets, digits. */
  readonly seed: number;
  /** Folder of the experiment file, where relative paths start. */
  readonly folder: string;
  /** Threads that decode. None is started where nothing is decoded. */
  readonly workers: Workers;
  /** Where prepared samples and downloaded data sets are kept (`cacheFolder()`); without it nothing is kept. */
  readonly cacheFolder?: string;
  /** Told now and then how many of how many samples are read. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborted, opening ends with the signal's reason. */
  readonly signal?: AbortSignal;
}
