// Opens the data source that an experiment names.
import type { DataConfig, DataSourceId } from '../catalog';
import type { DataContext, DataSource } from './dataSource';
import { openCifar } from './formats/cifar';
import { openCsv } from './formats/csv';
import { openIdx } from './formats/idx';
import { openImageFolder } from './formats/imageFolder';
import { openLmdb } from './formats/lmdb';
import { openNpy } from './formats/numpy/npy';
import { openNpz } from './formats/numpy/npz';
import { openDistribution } from './points/distributionSource';
import { openPointsFile } from './points/pointsFile';
import { openDigits } from './synthetic/digits';
import { openShapes } from './synthetic/shapes';

/** Throws DataError for faults that the user can fix. */
export function openSource<K extends DataSourceId>(data: DataConfig<K>, context: DataContext): Promise<DataSource> {
  const open = openers[data.source as K] as Opener<K>;
  return open(data, context);
}

type Opener<K extends DataSourceId> = (data: DataConfig<K>, context: DataContext) => Promise<DataSource>;

const openers: { readonly [K in DataSourceId]: Opener<K> } = {
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
  csv: openCsv,
  lmdb: openLmdb,
  npy: openNpy,
  npz: openNpz,
};

export { cacheFolder } from './cache/cacheFolder';
export { findData } from './findData';
export { dataDifference, identifyData } from './dataIdentity';
export type { Batches, DataContext, DataSource } from './dataSource';
export { isDataError } from './errors';
export { labeledImages } from './labeledImages';
export { absolutePath } from './resolveDataPath';
export type { SampleSet } from './sampleSet';
export type { DataTasks } from './workers/dataTasks';
export { createWorkerPool, type WorkerPool } from './workers/workerPool';
