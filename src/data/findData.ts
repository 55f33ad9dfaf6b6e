// Finds the files of a data source without reading them.
import type { DataConfig } from '../catalog';
import type { DataContext } from './dataSource';
import { findImages } from './formats/imageFolder';
import { resolveDataFile, resolveDataPath } from './resolveDataPath';

/**
 * Throws DataError, as opening the source would, if the files that it reads are missing, are no ordinary files, or are
 * not downloaded. Reads no sample and writes nothing.
 */
export async function findData(data: DataConfig, context: Pick<DataContext, 'folder' | 'cacheFolder'>): Promise<void> {
  switch (data.source) {
    case 'images':
      await findImages(data, context);
      return;
    case 'points':
    case 'csv':
    case 'npy':
    case 'npz':
      await resolveDataFile(data.path, context);
      return;
    case 'idx':
    case 'cifar':
    case 'lmdb':
      await resolveDataPath(data.source, data.path, context);
  }
}
