// Resolves the path of a data source: a file, a folder, or the name of a downloaded data set.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { requireOrdinary } from '../files/ordinaryFile';
import { datasets, type DatasetId } from '../catalog';
import { datasetFolder } from './cache/cacheFolder';
import type { DataContext } from './dataSource';
import * as errors from './errors';

interface ResolvedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * A path relative to the experiment file has precedence over the name of a data set of `source`. Throws DataError; if
 * the data set is not downloaded, with the command that downloads it.
 */
export async function resolveDataPath(source: string, written: string, context: DataContext): Promise<ResolvedPath> {
  const resolved = path.resolve(context.folder, written);
  const found = await find(resolved);
  if (found) return found;
  if (!Object.hasOwn(datasets, written)) throw errors.pathMissing('file or folder', written, resolved);
  const id = written as DatasetId;
  if (datasets[id].source !== source) throw errors.otherSource(id, datasets[id].source);
  const downloaded = context.cacheFolder && (await find(datasetFolder(context.cacheFolder, id)));
  if (downloaded) return downloaded;
  const bytes = datasets[id].files.reduce((sum, { size }) => sum + size, 0);
  throw errors.notDownloaded(id, Math.ceil(bytes / 2 ** 20), resolved);
}

/** The path of a file, for sources that read a single file. Throws DataError. */
export async function resolveDataFile(written: string, context: DataContext): Promise<string> {
  const resolved = path.resolve(context.folder, written);
  const found = await find(resolved);
  if (!found) throw errors.pathMissing('file', written, resolved);
  if (found.isFolder) throw errors.badFile(resolved, 'it is a folder', 'Set "data.path" to a file in it.');
  return resolved;
}

async function find(file: string): Promise<ResolvedPath | undefined> {
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined) return undefined;
  const isFolder = entry.isDirectory();
  try {
    if (!isFolder) requireOrdinary(entry);
  } catch (error) {
    throw errors.badFile(file, (error as Error).message, 'Set "data.path" to a file or folder.');
  }
  return { path: file, isFolder };
}
