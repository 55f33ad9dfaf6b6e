// The cache folder for downloads of tests and packages, which survives `npm ci`; entries are created atomically.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'earthmover-test');

/**
 * The cached folder `name`, created by `fill(folder)` the first time. It is filled under a temporary name and renamed,
 * so an interrupted or concurrent download never leaves a partial entry.
 */
export async function cached(name, fill) {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(path.join(cache, '.new-'));
  try {
    await fill(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process created the same entry first.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
