// Copies files and folders. Only ordinary files are copied: a link, a pipe or a device among them is an error.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './folder';
import { openOrdinaryAsync } from './ordinaryFile';
import { replaceByStream } from './replace';

/** Copies a file; a reader of the copy sees it complete or not at all. */
export async function copyFile(from: string, to: string): Promise<void> {
  const source = await openOrdinaryAsync(from);
  await replaceByStream(to, source.createReadStream());
}

/** Copies a folder with its files and folders, without the temporary files of a process that writes to it. */
export async function copyFolder(from: string, to: string): Promise<void> {
  makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name.endsWith('.tmp')) continue;
    const copy = entry.isDirectory() ? copyFolder : copyFile;
    await copy(path.join(from, entry.name), path.join(to, entry.name));
  }
}
