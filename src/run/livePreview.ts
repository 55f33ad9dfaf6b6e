// live/: the live preview of a run during manual stepping or slow motion, overwritten at each update.
import { rmdirSync } from 'node:fs';
import { checkLivePreview, type LivePreview } from '../protocol/livePreview';
import { errno } from '../files/errno';
import { removeFile } from '../files/folder';
import { runPaths } from './directory';
import { inside, listFolder, makePart, onDisk, readJsonAsync, replaceFile } from './diskAccess';

/** Writes the live preview: the image first, so that live.json is never newer than the image. */
export function saveLivePreview(directory: string, live: Omit<LivePreview, 'version'>, png: Uint8Array): void {
  const { live: folder } = runPaths(directory);
  makePart(folder);
  replaceFile(livePreviewImage(directory), png);
  replaceFile(livePreviewFile(directory), `${JSON.stringify({ version: 1, ...live })}\n`);
}

/** Removes the live preview when manual stepping or slow motion ends, and its folder if nothing else is in it. */
export function removeLivePreview(directory: string): void {
  const { live } = runPaths(directory);
  const ours = listFolder(live).filter((name) => /^live\.(json|png)(\.[\w-]+\.tmp)?$/.test(name));
  onDisk('clear', live, () => {
    for (const name of ours) removeFile(inside(live, name));
    try {
      rmdirSync(live);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errno(error) ?? '')) throw error;
    }
  });
}

/** The live preview of a run; null if there is none, or one of another version. */
export async function readLivePreview(directory: string): Promise<LivePreview | null> {
  const found = await readJsonAsync(livePreviewFile(directory), 1 << 16, 'resume the run to remove it');
  const checked = checkLivePreview(found);
  return 'value' in checked ? checked.value : null;
}

export const livePreviewFile = (directory: string): string => inside(runPaths(directory).live, 'live.json');
export const livePreviewImage = (directory: string): string => inside(runPaths(directory).live, 'live.png');
