// Resolves the path of a data source: a file, a folder, or the name of a downloaded data set.
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { datasets, type DatasetId } from '../catalog';
import { FileKindError, openOrdinaryAsync } from '../files/ordinaryFile';
import { datasetFolder } from './cache/cacheFolder';
import type { DataContext } from './dataSource';
import { missingFile } from './downloadedFiles';
import * as errors from './errors';

interface ResolvedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/** An absolute path; "~" is the home folder, and other paths start at the folder of the experiment file. */
export const absolutePath = (written: string, { folder }: Pick<DataContext, 'folder'>): string =>
  path.resolve(folder, written.replace(/^~(?=$|[/\\])/, os.homedir()));

/**
 * A path relative to the experiment file has precedence over the name of a data set of `source`. Throws DataError; if
 * the data set is not downloaded, or not completely, with the command that downloads it.
 */
export async function resolveDataPath(
  source: string,
  written: string,
  context: Pick<DataContext, 'folder' | 'cacheFolder'>,
): Promise<ResolvedPath> {
  const resolved = absolutePath(written, context);
  const found = await find(resolved);
  if (found) return found;
  const similar = Object.keys(datasets).find((id) => simple(id) === simple(written));
  if (!Object.hasOwn(datasets, written)) throw errors.pathMissing('file or folder', written, resolved, similar);
  const id = written as DatasetId;
  if (datasets[id].source !== source) throw errors.otherSource(id, datasets[id].source);
  const folder = context.cacheFolder && datasetFolder(context.cacheFolder, id);
  const downloaded = folder && (await find(folder));
  const missing = folder && missingFile(datasets[id], folder);
  if (downloaded && missing !== undefined) throw errors.partlyDownloaded(id, missing);
  if (downloaded) return downloaded;
  const bytes = datasets[id].files.reduce((sum, { size }) => sum + size, 0);
  throw errors.notDownloaded(id, Math.ceil(bytes / 2 ** 20), resolved);
}

const simple = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The path of a file, for sources that read a single file. Throws DataError. */
export async function resolveDataFile(written: string, context: Pick<DataContext, 'folder'>): Promise<string> {
  const resolved = absolutePath(written, context);
  const found = await find(resolved);
  if (!found) throw errors.pathMissing('file', written, resolved);
  if (found.isFolder) throw errors.badFile(resolved, 'it is a folder', 'Set "data.path" to a file in it.');
  return resolved;
}

/** Undefined if it does not exist. Throws DataError if it is neither a folder nor a file that can be read. */
async function find(file: string): Promise<ResolvedPath | undefined> {
  const entry = await stat(file).catch(() => undefined);
  if (!entry) return undefined;
  if (entry.isDirectory()) return { path: file, isFolder: true };
  try {
    await (await openOrdinaryAsync(file, 'read', 'follow')).close();
  } catch (error) {
    if (error instanceof FileKindError) throw errors.badFile(file, error.problem, 'Save its content to a file first.');
    throw errors.badFile(file, (error as Error).message, 'Check the permissions of the file.');
  }
  return { path: file, isFolder: false };
}
