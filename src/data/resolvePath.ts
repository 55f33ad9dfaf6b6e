// Where the path of a data source leads: a file, a folder, or a public data set that was downloaded.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { datasets, type DatasetId } from '../catalog';
import { datasetFolder } from './cache/cacheFolder';
import type { DataContext } from './dataSource';
import * as errors from './errors';

export interface ResolvedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * A path beside the experiment file comes first; then the name of a data set that `source` reads. Throws DataError,
 * with the command that downloads it where a data set is named that is not there.
 */
export async function resolveDataPath(source: string, written: string, context: DataContext): Promise<ResolvedPath> {
  const resolved = path.resolve(context.folder, written);
  const found = await look(resolved);
  if (found) return found;
  if (!Object.hasOwn(datasets, written)) throw errors.pathMissing('file or folder', written, resolved);
  const id = written as DatasetId;
  if (datasets[id].source !== source) throw errors.otherSource(id, datasets[id].source);
  const downloaded = context.cacheFolder && (await look(datasetFolder(context.cacheFolder, id)));
  if (downloaded) return downloaded;
  const bytes = datasets[id].files.reduce((sum, { size }) => sum + size, 0);
  throw errors.notDownloaded(id, Math.ceil(bytes / 2 ** 20), resolved);
}

/** The file at a path, for sources that read one file. */
export async function resolveDataFile(written: string, context: DataContext): Promise<string> {
  const resolved = path.resolve(context.folder, written);
  const found = await look(resolved);
  if (!found) throw errors.pathMissing('file', written, resolved);
  if (found.isFolder) throw errors.badFile(resolved, 'it is a folder', 'Let "path" in "data" name a file in it.');
  return resolved;
}

async function look(place: string): Promise<ResolvedPath | undefined> {
  const entry = await stat(place).catch(() => undefined);
  return entry && { path: place, isFolder: entry.isDirectory() };
}
