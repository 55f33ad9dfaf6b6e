// The batches of a content: the same in every thread that opens it.
import type { SampleSet } from './sampleSet';
import { imageBatches } from './images/imageBatches';
import { distributionBatches, pointBatches } from './points/distributionSource';
import type { Batches } from './dataSource';

const openers: { readonly [K in SampleSet['kind']]: (content: Extract<SampleSet, { kind: K }>) => Batches } = {
  distribution: distributionBatches,
  points: pointBatches,
  images: imageBatches,
};

/** Its file, where it has one, is the one that the source holds open: it is left to the source to close. */
export const batchesOf = <K extends SampleSet['kind']>(content: Extract<SampleSet, { kind: K }>): Batches =>
  (openers[content.kind as K] as (content: Extract<SampleSet, { kind: K }>) => Batches)(content);
