// The batches of a content: the same in every thread that opens it.
import type { Content } from './sampleSet';
import { pixelBatches } from './images/imageBatches';
import { drawnBatches, pointBatches } from './points/distributionSource';
import type { Batches } from './dataSource';

const openers: { readonly [K in Content['kind']]: (content: Extract<Content, { kind: K }>) => Batches } = {
  drawn: drawnBatches,
  points: pointBatches,
  pixels: pixelBatches,
};

/** Its file, where it has one, is the one that the source holds open: it is left to the source to close. */
export const batchesOf = <K extends Content['kind']>(content: Extract<Content, { kind: K }>): Batches =>
  (openers[content.kind as K] as (content: Extract<Content, { kind: K }>) => Batches)(content);
