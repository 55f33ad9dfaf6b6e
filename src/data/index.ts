// The data sources by id, and the one way to open them.
import type { Data, DataSourceId } from '../catalog';
import { openCifar } from './cifar';
import type { DataContext } from './context';
import { openDigits } from './digits';
import { openIdx } from './idx';
import { openImages } from './images';
import { openLmdb } from './lmdb';
import { openNpySource } from './npy';
import { openNpzSource } from './npz';
import { openPoints } from './points';
import { openPointsFile } from './pointsFile';
import { openShapes } from './shapes';
import type { DataSource } from './source';

/** Opens the data source that an experiment names. Throws DataError for what the user can mend. */
export function openSource<K extends DataSourceId>(data: Data<K>, context: DataContext): Promise<DataSource> {
  const open = sources[data.source as K] as Opener<K>;
  return open(data, context);
}

type Opener<K extends DataSourceId> = (data: Data<K>, context: DataContext) => Promise<DataSource>;

const sources: { readonly [K in DataSourceId]: Opener<K> } = {
  'gaussians-ring': openPoints,
  'gaussians-grid': openPoints,
  'swiss-roll': openPoints,
  'vertical-line': openPoints,
  points: openPointsFile,
  digits: openDigits,
  shapes: openShapes,
  images: openImages,
  idx: openIdx,
  cifar: openCifar,
  lmdb: openLmdb,
  npy: openNpySource,
  npz: openNpzSource,
};

export { batchesOf } from './batches';
export { cacheFolder, datasetFolder } from './cacheFolder';
export type { Content } from './content';
export type { DataContext } from './context';
export type { DigitSource } from './digits';
export { isDataError, type DataError, type DataErrorCode } from './errors';
export type { Batches, DataSource, Labels, Mixture } from './source';
export { createWorkers, type Workers } from './workers';
