// The data sources by id, and the one way to open them.
import type { Data, DataSourceId } from '../catalog';
import type { DataContext } from './context';
import { openDigits } from './digits';
import { openGaussiansGrid } from './gaussians-grid';
import { openGaussiansRing } from './gaussians-ring';
import { openImages } from './images';
import type { DataSource } from './source';
import { openSwissRoll } from './swiss-roll';

/** Opens the data source that an experiment names. Throws DataError for what the user can mend. */
export function openSource<K extends DataSourceId>(data: Data<K>, context: DataContext): Promise<DataSource> {
  const open = sources[data.source as K] as Opener<K>;
  return open(data, context);
}

type Opener<K extends DataSourceId> = (data: Data<K>, context: DataContext) => Promise<DataSource>;

export const sources: { readonly [K in DataSourceId]: Opener<K> } = {
  'gaussians-ring': openGaussiansRing,
  'gaussians-grid': openGaussiansGrid,
  'swiss-roll': openSwissRoll,
  digits: openDigits,
  images: openImages,
};

export type { DataContext } from './context';
export type { DigitSource } from './digits';
export { isDataError, type DataError, type DataErrorCode } from './errors';
export type { ImageSource } from './images';
export type { DataSource, Mixture } from './source';
export { createWorkers, type Workers } from './workers';
