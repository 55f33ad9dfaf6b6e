// The batches of a sample set, which are the same in every thread.
import type { Batches } from './dataSource';
import { imageBatches } from './images/imageSource';
import { distributionBatches } from './points/distributionSource';
import { pointBatches } from './points/pointSource';
import type { SampleSet } from './sampleSet';

type BatchMaker<K extends SampleSet['kind']> = (samples: Extract<SampleSet, { kind: K }>) => Batches;

const makers: { readonly [K in SampleSet['kind']]: BatchMaker<K> } = {
  distribution: distributionBatches,
  points: pointBatches,
  images: imageBatches,
};

/** If the samples are in a file, the data source owns and closes it. */
export const batchesOf = <K extends SampleSet['kind']>(samples: Extract<SampleSet, { kind: K }>): Batches =>
  (makers[samples.kind as K] as BatchMaker<K>)(samples);
