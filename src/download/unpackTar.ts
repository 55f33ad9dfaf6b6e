// Unpacks chosen files of a tar.gz archive: flat, into one folder, whole or not at all.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { badArchive, diskFailed } from './errors';

export interface Unpacking {
  /** Path in the archive, as it is written there → the name that the file gets in `folder`, without any folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Most bytes that one file may have. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks the named files of `archive` into `folder`, which is made where it is missing; everything else in the archive is
 * passed over. Files are written aside and get their names when all of them are there. Throws DownloadError.
 */
export async function unpackTar(
  archive: string,
  folder: string,
  { files, mostBytes, signal }: Unpacking,
): Promise<void> {
  const aside = (name: string) => path.join(folder, `${name}.part`);
  for (const name of Object.values(files)) {
    if (name !== path.basename(name) || name.startsWith('.'))
      throw new Error(`assertion failed: ${name} is no plain name`);
  }
  const missing = new Set(Object.keys(files));
  try {
    await mkdir(folder, { recursive: true });
    const entries = extract();
    const reading = pipeline(createReadStream(archive), createGunzip(), entries, { signal });
    reading.catch(() => {}); // It is awaited below; the loop fails first, of the same error.
    for await (const entry of entries) {
      const { name, type, size = 0 } = entry.header;
      const wanted = Object.hasOwn(files, name) && type === 'file' ? files[name] : undefined;
      if (wanted === undefined) {
        entry.resume();
        continue;
      }
      if (size > mostBytes) throw badArchive(archive, `${name} has ${size} bytes, more than the ${mostBytes} expected`);
      await pipeline(entry, createWriteStream(aside(wanted)), { signal });
      missing.delete(name);
    }
    await reading;
    if (missing.size > 0) throw badArchive(archive, `it lacks ${[...missing].join(', ')}`);
    for (const name of Object.values(files)) await rename(aside(name), path.join(folder, name));
  } catch (error) {
    for (const name of Object.values(files)) await rm(aside(name), { force: true });
    signal?.throwIfAborted();
    throw explained(
      error as NodeJS.ErrnoException,
      archive,
      folder,
      (await stat(archive).catch(() => undefined))?.size ?? 0,
    );
  }
}

function explained(error: NodeJS.ErrnoException, archive: string, folder: string, size: number): Error {
  if (error.name === 'DownloadError') return error;
  const onDisk = error.syscall !== undefined;
  return onDisk ? diskFailed(folder, error, size) : badArchive(archive, error.message);
}
