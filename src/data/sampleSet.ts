// The samples of a data source as a value that another thread of this process can use without reading or copying
// anything.
import type { DataConfig } from '../catalog';
import type { SampleStorage } from './cache/sampleStorage';
import type { DistributionId } from './points/toyDistributions';

export type SampleSet = DistributionSamples | PointSamples | ImageSamples;

/** A distribution that every batch is sampled from. */
export interface DistributionSamples {
  readonly kind: 'distribution';
  readonly data: DataConfig<DistributionId>;
}

interface FiniteSamples {
  /** Share of the samples that are held out. */
  readonly validation: number;
  readonly seed: number;
}

export interface PointSamples extends FiniteSamples {
  readonly kind: 'points';
  /** [n, dimensions], in shared memory. */
  readonly points: Float32Array;
  readonly dimensions: number;
}

/** Images as bytes: 0 is -1, 255 is 1. */
export interface ImageSamples extends FiniteSamples {
  readonly kind: 'images';
  /** Each row-major [height, width, channels]. */
  readonly storage: SampleStorage;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** The slots that contain an image; slots of images that could not be read are missing. */
  readonly slots: Uint32Array;
  /** For each of `slots` the position of the first image with the same content; absent if all differ. */
  readonly copyOf?: Uint32Array;
  /** Mirrors each image left to right with probability one half, decided by the key. */
  readonly flip: boolean;
}
