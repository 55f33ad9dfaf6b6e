// The image files of a folder and its subfolders, in an order that is the same on every machine.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { folderUnreadable } from '../errors';

export interface ImageListing {
  /** Paths of the image files relative to the folder, with '/', ascending by code unit of the composed form (NFC). */
  readonly files: readonly string[];
  /** Folders that hold at least one of them. */
  readonly folders: number;
  /** Files that are not images by their name. */
  readonly others: number;
}

const isImage = (name: string) => /\.(png|jpe?g|webp)$/i.test(name);

/**
 * Lists `folder`. Names that start with a dot are passed over; links are followed, but no folder is entered twice, so
 * that links in a circle end. A link to nothing counts as an image if it is named like one, so that it is not lost
 * without a word.
 */
export async function listImages(folder: string, signal?: AbortSignal): Promise<ImageListing> {
  const files: string[] = [];
  const entered = new Set<string>();
  let folders = 0;
  let others = 0;

  const enter = async (relative: string): Promise<void> => {
    signal?.throwIfAborted();
    const absolute = path.join(folder, relative);
    const { real, entries } = await read(absolute);
    if (entered.has(real)) return;
    entered.add(real);
    let images = 0;
    const inner: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const target = entry.isSymbolicLink() ? await stat(path.join(folder, name)).catch(() => undefined) : entry;
      if (target?.isDirectory()) inner.push(name);
      else if (!isImage(name)) others++;
      else if (target === undefined || target.isFile()) images = files.push(name);
    }
    if (images > 0) folders++;
    for (const name of inner.sort(byComposedForm)) await enter(name);
  };

  await enter('');
  return { files: files.sort(byComposedForm), folders, others };
}

async function read(folder: string) {
  try {
    return { real: await realpath(folder), entries: await readdir(folder, { withFileTypes: true }) };
  } catch (error) {
    throw folderUnreadable(folder, (error as Error).message);
  }
}

/** File systems differ in how they write accented letters; the composed form is the same on all. */
function byComposedForm(a: string, b: string): number {
  const [x, y] = [a.normalize('NFC'), b.normalize('NFC')];
  return x < y ? -1 : x > y ? 1 : 0;
}
