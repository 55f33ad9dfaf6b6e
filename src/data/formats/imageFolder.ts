// A folder of PNG, JPEG and WebP files as a data source.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { decodeImages } from '../images/decodeImages';
import { openImageSet, type ImageSource } from '../images/storedImages';
import { absolutePath } from '../resolveDataPath';
import { listImages } from './listImages';

/** `data.path` is relative to the folder of the experiment file. Throws DataError for faults that the user can fix. */
export async function openImageFolder(data: DataConfig<'images'>, context: DataContext): Promise<ImageSource> {
  const folder = absolutePath(data.path, context);
  const entry = await stat(folder).catch(() => undefined);
  if (!entry) throw errors.pathMissing('image folder', data.path, folder);
  if (!entry.isDirectory()) throw errors.notAFolder(data.path, folder);
  const { files, folders, others } = await listImages(folder, context.signal);
  if (files.length === 0) throw errors.noImages(data.path, folder, others);

  const { size, channels, fit, resize } = data;
  const image = (i: number) => ({ file: files[i] });
  const errorFor = errors.imageUnreadable;
  const set = {
    identity: ['images', folder, await fileStamps(folder, files), { size, channels, fit, resize }],
    slots: files.length,
    shape: [size, size, channels] as const,
    costly: true,
    resized: true,
    origin: `in ${plural(folders, 'folder')} of "${data.path}"`,
    notes: others > 0 ? [`${plural(others, 'other file')} ignored.`] : [],
    errorFor,
    readAll: async (put: (slot: number, bytes: Uint8Array) => void) => ({
      failures: await decodeImages({ ...data, folder, count: files.length, image, errorFor, put }, context),
      notes: [],
    }),
  };
  const source = await openImageSet(set, data, context);
  return { ...source, files: files.map((name) => ({ name, path: path.join(folder, name) })) };
}

/** Name, size and time of every file: they change with the content of the folder. */
async function fileStamps(folder: string, files: readonly string[]): Promise<(string | number)[]> {
  const out: (string | number)[] = [];
  for (const file of files) {
    const entry = await stat(path.join(folder, file)).catch(() => undefined);
    out.push(file, entry?.size ?? -1, entry?.mtimeMs ?? -1);
  }
  return out;
}
