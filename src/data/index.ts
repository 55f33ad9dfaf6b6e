// The data sources by id, and the one way to open them.
import type { DataConfig, DataSourceId } from '../catalog';
import { openCifar } from './formats/cifar';
import type { DataContext } from './dataSource';
import { openDigits } from './synthetic/digits';
import { openIdx } from './formats/idx';
import { openImageFolder } from './formats/imageFolder';
import { openLmdb } from './formats/lmdb';
import { openNpySource } from './formats/numpy/npy';
import { openNpzSource } from './formats/numpy/npz';
import { openDistribution } from './points/distributionSource';
import { openPointsFile } from './points/pointsFile';
import { openShapes } from './synthetic/shapes';
import type { DataSource } from './dataSource';

/** Opens the data source that an experiment names. Throws DataError for what the user can mend. */
export function openSource<K extends DataSourceId>(data: DataConfig<K>, context: DataContext): Promise<DataSource> {
  const open = sources[data.source as K] as Opener<K>;
  return open(data, context);
}

type Opener<K extends DataSourceId> = (data: DataConfig<K>, context: DataContext) => Promise<DataSource>;

const sources: { readonly [K in DataSourceId]: Opener<K> } = {
  'gaussians-ring': openDistribution,
  'gaussians-grid': openDistribution,
  'swiss-roll': openDistribution,
  'vertical-line': openDistribution,
  points: openPointsFile,
  digits: openDigits,
  shapes: openShapes,
  images: openImageFolder,
  idx: openIdx,
  cifar: openCifar,
  lmdb: openLmdb,
  npy: openNpySource,
  npz: openNpzSource,
};

export { batchesOf } from './batches';
export { cacheFolder, datasetFolder } from './cache/cacheFolder';
export type { SampleSet } from './sampleSet';
export type { DataContext } from './dataSource';
export type { DigitSource } from './synthetic/digits';
export { isDataError, type DataError, type DataErrorCode } from './errors';
export type { Batches, DataSource, Labels, Mixture } from './dataSource';
export type { DataTasks } from './workers/dataTasks';
export { createWorkerPool, type WorkerPool } from './workers/workerPool';
