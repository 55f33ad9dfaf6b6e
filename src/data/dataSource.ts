// The interface between data sources and training: what opening a source needs, and what it provides.
import type { Key } from '../math/random';
import type { Mixture } from './points/toyDistributions';
import type { SampleSet } from './sampleSet';
import type { DataTasks } from './workers/dataTasks';
import type { WorkerPool } from './workers/workerPool';

/** What opening a data source needs besides the parameters of the source. */
export interface DataContext {
  /** Seed of everything that is drawn once: splits, fixed data sets, digits. */
  readonly seed: number;
  /** Folder of the experiment file, where relative paths start. */
  readonly folder: string;
  /** Threads that decode images; none is started unless there is something to decode. */
  readonly workers: WorkerPool<DataTasks>;
  /** Where prepared samples and downloaded data sets are stored (`cacheFolder()`); nothing is stored if absent. */
  readonly cacheFolder?: string;
  /** Called now and then with the number of samples read and the total. */
  readonly onProgress?: (done: number, total: number) => void;
  /** An abort rejects the opening with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The classes of samples. */
export interface Labels {
  /** The class of every sample, of both splits. */
  readonly classes: Uint8Array;
  /** The names of the classes; absent if only their numbers are known. */
  readonly names?: readonly string[];
}

/** Batches for training. Values of images are in [-1, 1]. */
export interface Batches {
  /** Number of samples in the training split; Infinity if every batch is sampled from a distribution. */
  readonly size: number;
  /** Number of held-out samples; Infinity if every batch is sampled from a distribution, 0 if none are held out. */
  readonly validationSize: number;

  /**
   * Fills `out` ([batch, ...shape], row-major) with the training batch number `key.step` of the sequence of
   * (key.seed, key.stream). For finite data it covers positions [step · batch, (step + 1) · batch) of an endless
   * sequence of separately shuffled epochs, so that steps 0, 1, 2, ... of one stream give every sample once per
   * epoch. The same key always gives the same batch, whatever was requested before.
   */
  batch(key: Key, out: Float32Array): void;

  /**
   * The same for the held-out split; an independent sample of the distribution if `size` is Infinity. Throws if there
   * is no held-out split.
   */
  validationBatch(key: Key, out: Float32Array): void;
}

/** A file that samples come from. */
export interface DataFile {
  /** Relative to the folder of the data, with '/'. */
  readonly name: string;
  readonly path: string;
}

/** An opened data source. */
export interface DataSource extends Batches {
  /** Shape of one sample: [d] for points, [height, width, channels] for images. */
  readonly shape: readonly number[];
  /** The mixture that the samples are drawn from, if known. */
  readonly mixture?: Mixture;
  /** The classes of the samples, if known; training does not use them. */
  readonly labels?: Labels;
  /** Sentences for the log: what was read, skipped and decided ("1,204 images in 3 folders; 2 skipped: ..."). */
  readonly notes: readonly string[];
  /** More lines for the log alone: all samples that could not be read, if the notes name only some. */
  readonly details?: readonly string[];
  /** The files that the samples come from; absent if they are generated. */
  readonly files?: readonly DataFile[];
  /** From this another thread makes the same batches. */
  readonly sampleSet: SampleSet;

  /** Closes open files. */
  close?(): void;
}
