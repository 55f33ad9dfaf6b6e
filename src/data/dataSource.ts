import type { Key } from '../math/random';
import type { SampleSet } from './sampleSet';
import type { DataTasks } from './workers/dataTasks';
import type { WorkerPool } from './workers/workerPool';

// What a data source is to the trainer: a shape, and batches that depend on nothing but the key they are asked for.

/** The modes of a mixture of isotropic Gaussians, for the measures that count them. */
export interface Mixture {
  /** Centres of the modes, row-major [modes, 2]. */
  readonly centers: Float32Array;
  /** Standard deviation of each mode, in data units. */
  readonly sigma: number;
}

/** The classes of samples, where the data have some. */
export interface Labels {
  /** The class of every sample, of both splits. */
  readonly classes: Uint8Array;
  /** What the classes are called; their numbers where that is not known. */
  readonly names?: readonly string[];
}

/** What training takes: numbers of samples, and batches of them. Values of images are in [-1, 1]. */
export interface Batches {
  /** Samples in the training split; Infinity for a distribution that is sampled afresh. */
  readonly size: number;
  /** Samples held out; Infinity for a distribution sampled afresh, 0 where nothing is held out. */
  readonly validationSize: number;

  /**
   * Fills `out` ([batch, ...shape], row-major) with the training batch number `key.step` of the sequence that belongs to
   * (key.seed, key.stream). Of finite data it covers the positions [step · batch, (step + 1) · batch) of an endless sequence
   * of epochs, each in an order of its own, so that steps 0, 1, 2, ... of one stream give every sample once an epoch. The
   * same key gives the same batch, always, whatever was asked before.
   */
  batch(key: Key, out: Float32Array): void;

  /**
   * The same of the held-out split; of the distribution itself, independent of `batch`, where `size` is Infinity. Asserts
   * that there is a held-out split.
   */
  validationBatch(key: Key, out: Float32Array): void;
}

/** Training data, opened. */
export interface DataSource extends Batches {
  /** Shape of one sample: [2] for points, [height, width, channels] for images. */
  readonly shape: readonly number[];
  /** The mixture behind the samples, where there is one. */
  readonly mixture?: Mixture;
  /** The classes of the samples; training does not look at them. */
  readonly labels?: Labels;
  /** What was read, skipped and decided, in sentences for the log ("1,204 images in 3 folders; 2 skipped: ..."). */
  readonly notes: readonly string[];
  /** From which another thread makes the same batches. */
  readonly sampleSet: SampleSet;

  /** Lets go of files, where the source holds some. */
  close?(): void;
}

// What opening a data source needs besides the data's own parameters.

export interface DataContext {
  /** Seed of everything that is drawn once: splits, fixed data sets, digits. */
  readonly seed: number;
  /** Folder of the experiment file, where relative paths start. */
  readonly folder: string;
  /** Threads that decode. None is started where nothing is decoded. */
  readonly workers: WorkerPool<DataTasks>;
  /** Where prepared samples and downloaded data sets are kept (`cacheFolder()`); without it nothing is kept. */
  readonly cacheFolder?: string;
  /** Told now and then how many of how many samples are read. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborted, opening ends with the signal's reason. */
  readonly signal?: AbortSignal;
}
