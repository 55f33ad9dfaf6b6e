// An LMDB database of encoded images, as LSUN is given out: its values are decoded by worker threads.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog/index';
import type { DataContext } from '../dataSource';
import { decodeImages } from '../images/decodeImages';
import * as errors from '../errors';
import { openImageSet, type ImageSource } from '../images/imageSet';
import { readLmdb, type Lmdb } from './lmdbReader';
import { resolveDataPath } from '../resolvePath';
import { plural, firstFew } from '../../shared/text';

/** Throws DataError for what the user can mend. */
export async function openLmdb(data: DataConfig<'lmdb'>, context: DataContext): Promise<ImageSource> {
  const place = await resolveDataPath('lmdb', data.path, context);
  const file = place.isFolder ? path.join(place.path, 'data.mdb') : place.path;
  const entry = await stat(file).catch(() => undefined);
  if (!entry?.isFile())
    throw errors.badFile(place.path, 'it has no data.mdb', 'Let "path" in "data" name an unpacked LMDB folder.');
  const { values, damaged } = await open(file, data.limit, context.signal);
  if (data.onError === 'fail' && damaged.length > 0)
    throw errors.badFile(file, firstFew(damaged), 'Get it again, or let "onError" in "data" be "skip".');
  if (values.length === 0)
    throw errors.badFile(
      file,
      damaged.length > 0 ? firstFew(damaged) : 'it holds nothing',
      'Is it the right database?',
    );

  const { size, channels, fit, resize } = data;
  const image = (i: number) => {
    const { key, at, length } = values[i];
    return { file: path.basename(file), range: { at, length }, name: `"${key}"` };
  };
  const errorFor = errors.imageUnreadable;
  const set = {
    identity: ['lmdb', file, entry.size, entry.mtimeMs, data.limit, { size, channels, fit, resize }],
    slots: values.length,
    shape: [size, size, channels] as const,
    costly: true,
    resized: true,
    origin: `of the database "${data.path}"`,
    notes:
      damaged.length > 0 ? [`${plural(damaged.length, 'page')} of the database skipped: ${firstFew(damaged)}.`] : [],
    errorFor,
    readAll: async (put: (slot: number, bytes: Uint8Array) => void) => ({
      failures: await decodeImages(
        { ...data, folder: path.dirname(file), count: values.length, image, errorFor, put },
        context,
      ),
      notes: [],
    }),
  };
  return openImageSet(set, data, context);
}

async function open(file: string, most: number | null, signal?: AbortSignal): Promise<Lmdb> {
  try {
    return await readLmdb(file, most ?? Infinity, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw errors.badFile(file, (error as Error).message, 'Is it the data.mdb of an LMDB database, whole?');
  }
}
