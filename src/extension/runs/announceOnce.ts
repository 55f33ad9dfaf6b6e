// Several windows may list the same run: what happened to it is announced in one of them.
import { createHash } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { errno } from '../../files/errno';
import { makeFolderAsync } from '../../files/folder';
import { openOrdinaryAsync } from '../../files/ordinaryFile';

/** Whether this window is the one that announces an event, which `key` names in all windows alike. */
export type AnnounceOnce = (key: string) => Promise<boolean>;

/** After this time in milliseconds an event is forgotten. */
const maxAge = 24 * 3600 * 1000;

/**
 * @param folder a folder that all windows share
 * @param isFocused the window that the user looks at goes first
 * @param waitMs the time that it has for this
 */
export function createAnnounceOnce(folder: string, isFocused: () => boolean, waitMs = 2000): AnnounceOnce {
  return async (key) => {
    if (!isFocused()) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const file = path.join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
    try {
      await makeFolderAsync(folder);
    } catch {
      // Where nothing can be written, all windows announce it.
      return true;
    }
    try {
      await (await openOrdinaryAsync(file, 'new')).close();
      await forgetOld(folder);
      return true;
    } catch (error) {
      return errno(error) !== 'EEXIST';
    }
  };
}

async function forgetOld(folder: string): Promise<void> {
  const files = (await readdir(folder)).map((name) => path.join(folder, name));
  await Promise.all(
    files.map(async (file) => {
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < Date.now() - maxAge) await unlink(file).catch(() => {});
    }),
  );
}
