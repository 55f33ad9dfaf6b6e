// Unpacks selected files of a tar.gz archive into one folder, all of them or none.
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { makeFolder } from '../files/folder';
import { openOrdinaryAsync, streamOrdinary } from '../files/ordinaryFile';
import { badArchive, diskFailed, isDownloadError } from './errors';

export interface UnpackOptions {
  /** Path in the archive → file name in `folder`, without subfolders. */
  readonly files: Readonly<Record<string, string>>;
  /** The largest allowed size of a file. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks the named files of `archive` into `folder`, which is created if necessary, and ignores all others. Files are
 * written under temporary names and renamed when all of them are complete. Throws DownloadError.
 */
export async function unpackTar(
  archive: string,
  folder: string,
  { files, maxBytes, signal }: UnpackOptions,
): Promise<void> {
  const temporary = (name: string) => path.join(folder, `${name}.part`);
  for (const name of Object.values(files)) {
    if (name !== path.basename(name) || name.startsWith('.'))
      throw new Error(`assertion failed: ${name} is not a plain file name`);
  }
  const missing = new Set(Object.keys(files));
  try {
    makeFolder(folder);
    const entries = extract();
    const reading = pipeline(streamOrdinary(archive, {}, 'follow'), createGunzip(), entries, { signal });
    reading.catch(() => {}); // Awaited below; the loop fails first, with the same error.
    for await (const entry of entries) {
      const { name, type, size = 0 } = entry.header;
      const wanted = Object.hasOwn(files, name) && type === 'file' ? files[name] : undefined;
      if (wanted === undefined) {
        entry.resume();
        continue;
      }
      if (size > maxBytes) throw badArchive(archive, `${name} has ${size} bytes, more than the expected ${maxBytes}`);
      await rm(temporary(wanted), { force: true });
      const target = await openOrdinaryAsync(temporary(wanted), 'new');
      await pipeline(entry, target.createWriteStream(), { signal });
      missing.delete(name);
    }
    await reading;
    if (missing.size > 0) throw badArchive(archive, `${[...missing].join(', ')} is missing`);
    for (const name of Object.values(files)) await rename(temporary(name), path.join(folder, name));
  } catch (error) {
    for (const name of Object.values(files)) await rm(temporary(name), { force: true });
    signal?.throwIfAborted();
    throw asDownloadError(
      error as NodeJS.ErrnoException,
      archive,
      folder,
      (await stat(archive).catch(() => undefined))?.size ?? 0,
    );
  }
}

function asDownloadError(error: NodeJS.ErrnoException, archive: string, folder: string, size: number): Error {
  if (isDownloadError(error)) return error;
  return error.syscall === undefined ? badArchive(archive, error.message) : diskFailed(folder, error, size);
}
