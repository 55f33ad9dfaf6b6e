// What the samples of a data source are, as a value that another thread of this process can open: nothing is read, decoded or
// copied again for it.
import type { DataConfig } from '../catalog';
import type { DistributionId } from './points/toyDistributions';
import type { SampleStorage } from './cache/sampleStorage';

export type SampleSet = DistributionSamples | PointSamples | ImageSamples;

/** A distribution that is sampled afresh for every batch. */
export interface DistributionSamples {
  readonly kind: 'distribution';
  readonly data: DataConfig<DistributionId>;
}

/** What is shared by contents that have an end. */
interface Finite {
  /** Share held out. */
  readonly validation: number;
  readonly seed: number;
}

export interface PointSamples extends Finite {
  readonly kind: 'points';
  /** [n, 2], in shared memory. */
  readonly points: Float32Array;
}

/** Images as bytes: 0 is -1, 255 is 1. */
export interface ImageSamples extends Finite {
  readonly kind: 'images';
  /** Each row-major [height, width, channels]. */
  readonly storage: SampleStorage;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** The slots that hold an image, where not all do. */
  readonly slots: Uint32Array;
  /** Mirrors left to right with probability one half, by the key. */
  readonly flip: boolean;
}
