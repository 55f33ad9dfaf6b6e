// live/: a run's networks as they are at this moment, while it is stepped by hand or in slow motion; overwritten at each update.
import fs from 'node:fs';
import { checkLivePreview, type LivePreview } from '../protocol/livePreview';
import { runPaths } from './directory';
import { inside, onDisk, readJson, replaceFile } from './files';

/** Shows a run as it is now: the picture first, so that what is said of it is never newer than it. */
export function saveLivePreview(directory: string, live: Omit<LivePreview, 'version'>, png: Uint8Array): void {
  const { live: folder } = runPaths(directory);
  onDisk('create', folder, () => fs.mkdirSync(folder, { recursive: true }));
  replaceFile(livePreviewImage(directory), png);
  replaceFile(livePreviewFile(directory), `${JSON.stringify({ version: 1, ...live })}\n`);
}

/** Nobody looks at each update any more. */
export function removeLivePreview(directory: string): void {
  const { live } = runPaths(directory);
  onDisk('clear', live, () => fs.rmSync(live, { recursive: true, force: true }));
}

/** Null where there is none, or one of another version. */
export function readLivePreview(directory: string): LivePreview | null {
  const checked = checkLivePreview(readJson(livePreviewFile(directory), 1 << 16, 'resume the run to have it removed'));
  return 'value' in checked ? checked.value : null;
}

export const livePreviewFile = (directory: string): string => inside(runPaths(directory).live, 'live.json');
export const livePreviewImage = (directory: string): string => inside(runPaths(directory).live, 'live.png');
