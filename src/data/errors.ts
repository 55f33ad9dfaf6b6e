// Errors about the data of an experiment: where, what is wrong, and what to do.
import { firstFew, grouped, plural } from '../shared/text';
import { UserError } from '../shared/userError';

export type DataErrorCode =
  | 'path-missing'
  | 'not-a-folder'
  | 'folder-unreadable'
  | 'no-images'
  | 'over-memory'
  | 'cache-unwritable'
  | 'cache-damaged'
  | 'file-unreadable'
  | 'all-unreadable'
  | 'bad-file'
  | 'bad-setting'
  | 'not-downloaded';

/** An error at a key of "data" in the experiment file. */
class DataError extends UserError<DataErrorCode> {
  readonly path: readonly ['data', string];

  constructor(code: DataErrorCode, key: string, message: string) {
    super(code, message);
    this.path = ['data', key];
  }
}

export const isDataError = (error: unknown): error is DataError => error instanceof DataError;

/** `what` is a noun: "image folder", "file". */
export const pathMissing = (what: string, written: string, resolved: string, dataset?: string) =>
  new DataError(
    'path-missing',
    'path',
    `The ${what} "${written}" does not exist (looked for ${resolved}). ` +
      (dataset === undefined
        ? adviceForPath(written)
        : `For the data set of that name set "data.path" to "${dataset}".`),
  );

/** What to do about a path that does not exist, by how it is written. */
function adviceForPath(written: string): string {
  if (/^file:/i.test(written)) return 'Write the path without "file:".';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(written))
    return 'Training reads files of this machine only: download the data, and set "data.path" to where it is.';
  if (/[*?]|\{.*,.*\}/.test(written))
    return 'Wildcards are not expanded: set "data.path" to a folder (of images, with all its subfolders) or to one file.';
  if (/\$\{?\w+|%\w+%/.test(written)) return 'Variables are not expanded in "data.path"; "~" is the home folder.';
  if (process.platform !== 'win32') {
    if (/^[a-z]:[\\/]/i.test(written))
      return `This is a path of Windows, and the trainer runs on ${process.platform}: set "data.path" to the path here (in WSL, "C:\\data" is "/mnt/c/data").`;
    if (written.includes('\\')) return `Separate folders by "/": "${written.replace(/\\+/g, '/')}".`;
  }
  if (written !== written.trim()) return 'The path begins or ends with a space: remove it.';
  return 'Correct "data.path"; relative paths start at the folder of the experiment file.';
}

/** `problem` is a clause that names the file. */
export const partlyDownloaded = (id: string, problem: string) =>
  new DataError(
    'not-downloaded',
    'path',
    `The download of the data set "${id}" is not complete: ${problem}. Continue it with: earthmover download ${id}`,
  );

export const notDownloaded = (id: string, mib: number, resolved: string) =>
  new DataError(
    'not-downloaded',
    'path',
    `The data set "${id}" has not been downloaded. Download it once with: earthmover download ${id} (${mib} MiB). ` +
      `Training never downloads data by itself. (${resolved} does not exist either.)`,
  );

/** The data set `id` needs the data source `source`. */
export const otherSource = (id: string, source: string) =>
  new DataError(
    'bad-setting',
    'source',
    `The data set "${id}" needs another data source. Set "data.source" to "${source}".`,
  );

export const notAFolder = (written: string, folder: string) =>
  new DataError(
    'not-a-folder',
    'path',
    `"${written}" is not a folder: ${folder} is a file. Set "data.path" to the folder that contains the images.`,
  );

export const folderUnreadable = (folder: string, reason: string) =>
  new DataError(
    'folder-unreadable',
    'path',
    `The folder ${folder} could not be read: ${reason}. ` +
      'Grant the current user access to it, or move it out of the image folder.',
  );

/** `others` are numbers of files by ending. */
export const noImages = (written: string, folder: string, others: ReadonlyMap<string, number>) => {
  const count = [...others.values()].reduce((sum, n) => sum + n, 0);
  const kinds = firstFew([...others].map(([ending, n]) => `${grouped(n)} ${ending || 'without an ending'}`));
  const archive = [...others.keys()].find((ending) => /^\.(zip|tar|gz|tgz|7z|rar)$/.test(ending));
  const advice =
    archive !== undefined
      ? `Unpack the ${archive} file first.`
      : others.has('.heic')
        ? 'Convert .heic images to JPEG or PNG.'
        : 'Correct "data.path", or convert the images.';
  return new DataError(
    'no-images',
    'path',
    `The image folder "${written}" contains no images: ${folder} and its subfolders ` +
      (count === 0
        ? 'are empty. '
        : `contain ${plural(count, 'file')} (${kinds}), but none ends in .png, .jpg, .jpeg, .jfif, .webp, .tif, .gif, .avif or .bmp. `) +
      advice,
  );
};

export const overMemory = (
  images: number,
  [height, width, channels]: readonly [number, number, number],
  needed: number,
  { memoryMiB, cache }: { readonly memoryMiB: number; readonly cache: string },
) =>
  new DataError(
    'over-memory',
    'memoryMiB',
    `${plural(images, 'image')} of ${height} x ${width} x ${channels} bytes need ${grouped(needed)} MiB of memory, ` +
      `more than the ${grouped(memoryMiB)} MiB of "data.memoryMiB". ` +
      `Set "data.memoryMiB" to ${needed} if this machine has that much memory` +
      `${cache === 'memory' ? ', or set "data.cache" to "auto"' : ''}, or use a smaller "data.size" or fewer images.`,
  );

export const cacheUnwritable = (file: string, needed: number, cause: NodeJS.ErrnoException) =>
  new DataError(
    'cache-unwritable',
    'memoryMiB',
    `The samples need ${grouped(needed)} MiB, more than "data.memoryMiB", and their cache file ${file} could not be ` +
      `written: ${cause.message}. Free some disk space, set XDG_CACHE_HOME to a folder on a larger disk, ` +
      `or set "data.memoryMiB" to ${needed}.`,
  );

export const cacheDamaged = (file: string, slot: number) =>
  new DataError(
    'cache-damaged',
    'path',
    `Sample ${slot} of the cache file ${file} is damaged: the file was changed or truncated. ` +
      'It has been deleted. Start or resume training to create it again.',
  );

export const imageUnreadable = ({ file, reason }: { readonly file: string; readonly reason: string }) =>
  new DataError(
    'file-unreadable',
    'onError',
    `The image ${file} could not be decoded: ${reason}. Fix or remove it, or set "data.onError" to "skip".`,
  );

/** A file that ends before its header says; `problem` is a clause with both numbers. */
export const fileCutOff = (written: string, problem: string) =>
  new DataError(
    'file-unreadable',
    'onError',
    `"${written}" is cut off: ${problem}. Download or save it again, or set "data.onError" to "skip".`,
  );

/** Samples of a file that contains many. */
export const samplesUnreadable =
  (written: string) =>
  ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    new DataError(
      'file-unreadable',
      'onError',
      `"${written}": ${file} could not be read: ${reason}. Fix the file, or set "data.onError" to "skip".`,
    );

export const onlyOwnImages = (written: string) =>
  new DataError(
    'no-images',
    'path',
    `All images in "${written}" were written by Earthmover: previews or samples. Set "data.path" to the folder of your images.`,
  );

/** `images` are files, or parts of one. */
export const allUnreadable = (
  written: string,
  images: { readonly count: number; readonly areFiles: boolean },
  failures: readonly string[],
) =>
  new DataError(
    'all-unreadable',
    'path',
    `None of the ${plural(images.count, 'image')} in "${written}" could be read: ${firstFew(failures, 3)}. ` +
      (images.areFiles ? 'Check that their contents match their extensions.' : 'Download or save the file again.'),
  );

/** A file that is not of the format its data source reads; `problem` is a clause, `advice` a sentence. */
export const badFile = (file: string, problem: string, advice: string) =>
  new DataError('bad-file', 'path', `${file} cannot be read: ${problem}. ${advice}`);

/** A line or row that is not two finite numbers. */
export const badLine = (file: string, problem: string) =>
  new DataError('bad-file', 'onError', `${file}: ${problem}. Fix the file, or set "data.onError" to "skip".`);

/** A setting that does not match the file. */
export const badSetting = (key: string, message: string) => new DataError('bad-setting', key, message);
