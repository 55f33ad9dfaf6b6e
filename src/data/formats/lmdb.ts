// An LMDB database of encoded images (LSUN) as a data source.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { decodeImages, droppedNotes } from '../images/decodeImages';
import { openImageSet, sidesOf, type ImageSource } from '../images/storedImages';
import { resolveDataPath } from '../resolveDataPath';
import { expectKind } from './fileKind';
import { readLmdb, type Lmdb } from './lmdbReader';

/** Throws DataError for faults that the user can fix. */
export async function openLmdb(data: DataConfig<'lmdb'>, context: DataContext): Promise<ImageSource> {
  const location = await resolveDataPath('lmdb', data.path, context);
  const file = location.isFolder ? path.join(location.path, 'data.mdb') : location.path;
  const entry = await stat(file).catch(() => undefined);
  if (!entry?.isFile())
    throw errors.badFile(location.path, 'it has no data.mdb', 'Set "data.path" to an unpacked LMDB folder.');
  await expectKind(file, 'lmdb');
  const { values, damaged } = await readDatabase(file, data.limit, context.signal);
  if (data.onError === 'fail' && damaged.length > 0)
    throw errors.badFile(file, firstFew(damaged), 'Download it again, or set "data.onError" to "skip".');
  if (values.length === 0)
    throw errors.badFile(
      file,
      damaged.length > 0 ? firstFew(damaged) : 'it is empty',
      'Check that it is the right database.',
    );

  const { channels, fit, resize, background } = data;
  const form = { ...sidesOf(data.size), channels, fit, resize, background };
  const image = (i: number) => {
    const { key, at, length } = values[i];
    return { file: path.basename(file), range: { at, length }, name: `"${key}"` };
  };
  const errorFor = errors.imageUnreadable;
  const set = {
    files: [{ name: path.basename(file), path: file }],
    identity: ['lmdb', file, entry.size, entry.mtimeMs, data.limit, form],
    slots: values.length,
    shape: [form.height, form.width, channels] as const,
    costly: true,
    resized: true,
    origin: `of the database "${data.path}"`,
    notes:
      damaged.length > 0 ? [`${plural(damaged.length, 'page')} of the database skipped: ${firstFew(damaged)}.`] : [],
    errorFor,
    nameOf: (slot: number) => `"${values[slot].key}"`,
    readAll: async (put: (slot: number, bytes: Uint8Array) => void) => {
      const folder = path.dirname(file);
      const job = { ...form, onError: data.onError, folder, count: values.length, image, errorFor, put };
      const report = await decodeImages(job, context);
      return { failures: report.failures, notes: droppedNotes(report, background) };
    },
  };
  return openImageSet(set, data, context);
}

async function readDatabase(file: string, limit: number | null, signal?: AbortSignal): Promise<Lmdb> {
  try {
    return await readLmdb(file, limit ?? Infinity, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw errors.badFile(file, (error as Error).message, 'Check that it is the complete data.mdb of an LMDB database.');
  }
}
