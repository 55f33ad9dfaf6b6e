// A folder of png, jpeg and webp files, decoded by worker threads into one cache of bytes in memory.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Data } from '../catalog';
import type { DataContext } from './context';
import type { Failure } from './decode';
import * as errors from './errors';
import { listImages } from './listing';
import { count, some } from './notes';
import { openPixels } from './pixels';
import type { DataSource } from './source';

export interface ImageSource extends DataSource {
  /** The files that were read, relative to the folder, in the order of the cache. */
  readonly files: readonly string[];
  /** The files that could not be decoded, with the reasons. */
  readonly skipped: readonly Failure[];
}

/** Files that a worker decodes per request: enough to make messages cheap, few enough for progress to move. */
const chunk = 16;

/** Opens the folder `path`, relative to the experiment file's. Throws DataError for what the user can mend. */
export async function openImages(data: Data<'images'>, context: DataContext): Promise<ImageSource> {
  const folder = path.resolve(context.folder, data.path);
  const entry = await stat(folder).catch(() => undefined);
  if (!entry) throw errors.folderMissing(data.path, folder);
  if (!entry.isDirectory()) throw errors.notAFolder(data.path, folder);
  const { files, folders, others } = await listImages(folder, context.signal);
  if (files.length === 0) throw errors.noImages(data.path, folder, others);

  const { size, channels } = data;
  const bytes = files.length * size * size * channels;
  if (bytes > data.memoryMiB * 2 ** 20) {
    throw errors.overMemory(files.length, size, channels, Math.ceil(bytes / 2 ** 20), data.memoryMiB);
  }
  const cache = new SharedArrayBuffer(bytes);
  const skipped = await decodeAll(folder, files, cache, data, context);
  if (skipped.length === files.length) throw errors.allUnreadable(data.path, skipped.map(words));

  const failed = new Set(skipped.map(({ slot }) => slot));
  const slots = Uint32Array.from(files.keys()).filter((slot) => !failed.has(slot));
  const source = openPixels({
    bytes: new Uint8Array(cache),
    shape: [size, size, channels],
    slots,
    flip: data.flip,
    validation: data.validation,
    seed: context.seed,
    notes: notes(data, slots.length, folders, others, skipped),
  });
  return { ...source, files: files.filter((_, slot) => !failed.has(slot)), skipped };
}

/** Decodes every file to the slot of its position, as many requests at a time as there are workers. */
async function decodeAll(
  folder: string,
  files: readonly string[],
  cache: SharedArrayBuffer,
  { size, channels, fit, resize, onError }: Data<'images'>,
  { workers, onProgress, signal }: DataContext,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  let first = 0;
  let done = 0;
  let over = false;

  const serve = async () => {
    while (first < files.length && !over) {
      const part = files.slice(first, first + chunk);
      const request = { folder, files: part, first, cache, size, channels, fit, resize };
      first += part.length;
      const failed = await workers.run('decode', request);
      if (over) return;
      if (onError === 'fail' && failed.length > 0) throw errors.fileUnreadable(failed[0].file, failed[0].reason);
      failures.push(...failed);
      done += part.length;
      onProgress?.(done, files.length);
    }
  };
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal?.reason)));
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    await Promise.race([aborted, Promise.all(Array.from({ length: workers.count }, serve))]);
  } finally {
    over = true; // What the threads are still at is finished and forgotten.
    signal?.removeEventListener('abort', abort);
  }
  return failures.sort((a, b) => a.slot - b.slot);
}

const words = ({ file, reason }: Failure) => `${file} (${reason})`;

function notes(data: Data<'images'>, images: number, folders: number, others: number, skipped: readonly Failure[]) {
  const { size, channels, fit, resize, flip } = data;
  const form = `${size} x ${size} x ${channels} (${fit}, ${resize}${flip ? ', flipped at random' : ''})`;
  return [
    `${count(images, 'image')} in ${count(folders, 'folder')} of "${data.path}", as ${form}.`,
    ...(others > 0 ? [`${count(others, 'other file')} passed over.`] : []),
    ...(skipped.length > 0 ? [`${count(skipped.length, 'file')} skipped: ${some(skipped.map(words))}.`] : []),
  ];
}
