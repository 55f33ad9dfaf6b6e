// live/: a run's networks as they are at this moment, while it is stepped by hand or in slow motion; overwritten at each update.
import fs from 'node:fs';
import { checkLive, type Live } from '../protocol/live';
import { runPaths } from './directory';
import { inside, onDisk, readJson, replaceFile } from './files';

/** Shows a run as it is now: the picture first, so that what is said of it is never newer than it. */
export function saveLive(directory: string, live: Omit<Live, 'version'>, png: Uint8Array): void {
  const { live: folder } = runPaths(directory);
  onDisk('create', folder, () => fs.mkdirSync(folder, { recursive: true }));
  replaceFile(livePicture(directory), png);
  replaceFile(liveFile(directory), `${JSON.stringify({ version: 1, ...live })}\n`);
}

/** Nobody looks at each update any more. */
export function clearLive(directory: string): void {
  const { live } = runPaths(directory);
  onDisk('clear', live, () => fs.rmSync(live, { recursive: true, force: true }));
}

/** Null where there is none, or one of another version. */
export function readLive(directory: string): Live | null {
  const checked = checkLive(readJson(liveFile(directory), 1 << 16, 'resume the run to have it removed'));
  return 'value' in checked ? checked.value : null;
}

export const liveFile = (directory: string): string => inside(runPaths(directory).live, 'live.json');
export const livePicture = (directory: string): string => inside(runPaths(directory).live, 'live.png');
