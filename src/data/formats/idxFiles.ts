// Finds the IDX files of a folder by the names that MNIST, Fashion-MNIST, KMNIST, EMNIST and QMNIST use: which are of
// one data set, which of its parts they are, and which file has their labels.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { firstFew, list } from '../../shared/text';
import { badFile } from '../errors';

/** A file of the folder, or of a subfolder of nearly the same name, as some archives unpack. */
interface Candidate {
  readonly file: string;
  /** The name in one spelling: `train-images.idx3-ubyte.gz` is `train-images-idx3-ubyte`. */
  readonly key: string;
  readonly gzipped: boolean;
}

/** What precedes "images" in a name without its part: "emnist-letters" of `emnist-letters-test-images-idx3-ubyte`. */
const setOf = (key: string): string =>
  key
    .replace(/images.*$/, '')
    .split('-')
    .filter((word) => word !== '' && !/^(train|test|t10k)$/.test(word))
    .join('-');

const isTest = (key: string): boolean => /(^|-)(t10k|test)(-|$)/.test(key.replace(/images.*$/, ''));
const isImages = (key: string): boolean => /images-idx[34](-ubyte)?$/.test(key);

const keyOf = (name: string): string => name.toLowerCase().replace(/\.gz$/, '').replace(/[._]/g, '-');

/**
 * The image files of a split, each once: a file that also exists compressed, with another punctuation or in a folder of
 * its name counts once. Throws DataError if the files are of several data sets.
 */
export async function imageFiles(folder: string, split: DataConfig<'idx'>['split']): Promise<string[]> {
  const all = (await candidates(folder)).filter(({ key }) => isImages(key));
  const chosen = all.filter(({ key }) => split === 'all' || isTest(key) === (split === 'test'));
  const sets = [...new Set(chosen.map(({ key }) => setOf(key)))];
  if (sets.length > 1) {
    const names = firstFew(chosen.map(({ file }) => path.relative(folder, file)));
    const problem = `it has files of ${sets.length} data sets: ${names}`;
    throw badFile(
      folder,
      problem,
      'Set "data.path" to one of the files, or move each data set to a folder of its own.',
    );
  }
  if (chosen.length > 0) return chosen.map(({ file }) => file);
  const unfinished = (await readdir(folder)).find((name) => /images.*\.(part|crdownload|tmp)$/i.test(name));
  const problem =
    all.length > 0
      ? `it has ${firstFew(all.map(({ file }) => path.basename(file)))}, but no files of the split "${split}"`
      : unfinished !== undefined
        ? `it has an unfinished download, ${unfinished}, but no *images-idx3-ubyte file`
        : `it has no *images-idx3-ubyte file, plain or .gz${await elsewhere(folder)}`;
  throw badFile(folder, problem, 'Set "data.path" to a folder with such files, or to one such file.');
}

/** ", but mnist and fashion have": subfolders with files of images, such as the MNIST of torchvision's data folder. */
async function elsewhere(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory()).slice(0, 20)) {
    const inner = await candidates(path.join(folder, name)).catch(() => []);
    if (inner.some(({ key }) => isImages(key))) found.push(name);
  }
  return found.length > 0 ? `, but ${list(found)} ${found.length === 1 ? 'has' : 'have'}` : '';
}

/** Files that may have the labels of a file of images: `labels-idx1`, or `labels-idx2` (QMNIST). */
export async function labelFiles(imageFile: string): Promise<string[]> {
  const key = keyOf(path.basename(imageFile));
  const folder = path.dirname(imageFile);
  const root = isImages(keyOf(path.basename(folder))) ? path.dirname(folder) : folder;
  const wanted = key.replace(/images(.*)-idx[34].*$/, 'labels$1-idx');
  const all = key.includes('images') ? await candidates(root).catch(() => []) : [];
  return all
    .filter((found) => new RegExp(`^${escaped(wanted)}[12](-u?(byte|int))?$`).test(found.key))
    .map(({ file }) => file);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The IDX files of a folder, of its subfolders with such names and of "raw" (torchvision): each key once, plain rather
 * than compressed.
 */
async function candidates(folder: string): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  const visit = async (at: string, depth: number): Promise<void> => {
    const entries = (await readdir(at, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    const inner: string[] = [];
    for (const entry of entries) {
      const key = keyOf(entry.name);
      if (entry.name.startsWith('.') || !(/-idx\d/.test(key) || key === 'raw')) continue;
      const file = path.join(at, entry.name);
      const target = entry.isSymbolicLink() ? await stat(file).catch(() => undefined) : entry;
      if (target?.isDirectory()) inner.push(file);
      else if (target?.isFile() && key !== 'raw') {
        const gzipped = /\.gz$/i.test(entry.name);
        const known = found.get(key);
        if (!known || (depth === 0 && known.gzipped && !gzipped)) found.set(key, { file, key, gzipped });
      }
    }
    if (depth === 0) for (const one of inner) await visit(one, 1).catch(() => undefined);
  };
  await visit(folder, 0);
  return [...found.values()];
}
