// Lists the image files of a folder and its subfolders, in the same order on every machine.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { folderUnreadable } from '../errors';

interface ImageListing {
  /**
   * Paths of the image files relative to the folder, with '/', sorted by the code units of their composed form (NFC).
   */
  readonly files: readonly string[];
  /** Number of folders with at least one of them. */
  readonly folders: number;
  /** Numbers of files that are not images by their names, by ending (".txt"), the most frequent first. */
  readonly others: ReadonlyMap<string, number>;
  /** Number of run directories, whose images are never listed. */
  readonly runs: number;
}

const isImage = (name: string) => /\.(png|jpe?g|jfif|webp|tiff?|gif|avif|bmp)$/i.test(name);

/** The files of a run directory, of which not all exist in an older one. */
const isRun = (names: readonly string[]) =>
  names.includes('experiment.json') && ['metrics.bin', 'status.json', 'attempts'].some((name) => names.includes(name));

/**
 * Names that start with a dot are ignored. Links are followed, but nothing is listed twice, so that circular links
 * end. A broken link that is named like an image is listed, so that it is reported when it is read.
 */
export async function listImages(folder: string, signal?: AbortSignal): Promise<ImageListing> {
  const files: string[] = [];
  const links = new Map<string, string>();
  const visited = new Set<string>();
  let folders = 0;
  const others = new Map<string, number>();
  let runs = 0;

  const visit = async (relative: string): Promise<void> => {
    signal?.throwIfAborted();
    const absolute = path.join(folder, relative);
    const { real, entries } = await read(absolute);
    if (visited.has(real)) return;
    visited.add(real);
    if (relative !== '' && isRun(entries.map(({ name }) => name))) return void runs++;
    let images = 0;
    const inner: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const target = entry.isSymbolicLink() ? await stat(path.join(folder, name)).catch(() => undefined) : entry;
      if (target?.isDirectory()) inner.push(name);
      else if (!isImage(name)) {
        const ending = path.extname(name).toLowerCase();
        others.set(ending, (others.get(ending) ?? 0) + 1);
      } else if (target === undefined || target.isFile()) {
        images = files.push(name);
        if (entry.isSymbolicLink() && target) links.set(name, await realpath(path.join(folder, name)));
      }
    }
    if (images > 0) folders++;
    for (const name of inner.sort(byComposedForm)) await visit(name);
  };

  await visit('');
  const root = await realpath(folder);
  const seen = new Set(files.filter((name) => !links.has(name)).map((name) => path.join(root, name)));
  const distinct = files.sort(byComposedForm).filter((name) => {
    const real = links.get(name);
    if (real === undefined) return true;
    if (seen.has(real)) return false;
    seen.add(real);
    return true;
  });
  return { files: distinct, folders, others: new Map([...others].sort((a, b) => b[1] - a[1])), runs };
}

async function read(folder: string) {
  try {
    return { real: await realpath(folder), entries: await readdir(folder, { withFileTypes: true }) };
  } catch (error) {
    throw folderUnreadable(folder, (error as Error).message);
  }
}

/** File systems differ in how they encode accented letters; the composed form is the same on all. */
function byComposedForm(a: string, b: string): number {
  const [x, y] = [a.normalize('NFC'), b.normalize('NFC')];
  return x < y ? -1 : x > y ? 1 : 0;
}
