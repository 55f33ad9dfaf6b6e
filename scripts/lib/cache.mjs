// The folder where downloads for tests and packages outlive `npm ci`, and how something comes into it whole or not at all.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

export const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'earthmover-test');

/**
 * The folder `name` in the cache; `fill(folder)` makes its content the first time. It is filled aside and renamed, so
 * that a download that was cut off, or a second one at the same time, leaves no half of it.
 */
export async function cached(name, fill) {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(path.join(cache, '.new-'));
  try {
    await fill(aside);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Somebody else was faster, with the same content.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
