// A folder of image files as a data source.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, grouped, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { decodeImages, droppedNotes } from '../images/decodeImages';
import { openImageSet, sidesOf, type ImageSource } from '../images/storedImages';
import { absolutePath } from '../resolveDataPath';
import { expectKind } from './fileKind';
import { listImages } from './listImages';

/** The images in the folder of a data source, without reading them. Throws DataError if there are none. */
export async function findImages(data: DataConfig<'images'>, context: Pick<DataContext, 'folder' | 'signal'>) {
  const folder = absolutePath(data.path, context);
  const entry = await stat(folder).catch(() => undefined);
  if (!entry) throw errors.pathMissing('image folder', data.path, folder);
  if (!entry.isDirectory()) {
    if (entry.isFile()) await expectKind(folder, 'png', 'jpeg', 'webp', 'gif', 'tiff', 'avif', 'bmp');
    throw errors.notAFolder(data.path, folder);
  }
  const found = await listImages(folder, context.signal);
  if (found.files.length === 0) throw errors.noImages(data.path, folder, found.others);
  return { ...found, folder };
}

/** `data.path` is relative to the folder of the experiment file. Throws DataError for faults that the user can fix. */
export async function openImageFolder(data: DataConfig<'images'>, context: DataContext): Promise<ImageSource> {
  const { folder, files, folders, others, runs } = await findImages(data, context);
  const passedOver = [...others].map(([ending, n]) => `${grouped(n)} ${ending || 'without an ending'}`);
  const count = [...others.values()].reduce((sum, n) => sum + n, 0);

  const { channels, fit, resize, background } = data;
  const form = { ...sidesOf(data.size), channels, fit, resize, background };
  const image = (i: number) => ({ file: files[i] });
  const errorFor = errors.imageUnreadable;
  const set = {
    identity: ['images', folder, await fileStamps(folder, files), form],
    slots: files.length,
    shape: [form.height, form.width, channels] as const,
    costly: true,
    resized: true,
    origin: `in ${plural(folders, 'folder')} of "${data.path}"`,
    notes: [
      ...(count > 0 ? [`${plural(count, 'other file')} passed over: ${firstFew(passedOver)}.`] : []),
      ...(runs > 0 ? [`${plural(runs, 'run directory', 'run directories')} passed over.`] : []),
    ],
    errorFor,
    nameOf: (slot: number) => files[slot],
    readAll: async (put: (slot: number, bytes: Uint8Array) => void) => {
      const job = { ...form, onError: data.onError, folder, count: files.length, image, errorFor, put };
      const report = await decodeImages(job, context);
      return { failures: report.failures, notes: droppedNotes(report, background) };
    },
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
