// What can be wrong with the data a user names: factories of errors that say what, the value and what to do.
import { plural, grouped, firstFew } from '../shared/text';

/** An error in what the user gave. `path` leads to the key of the experiment file that it is about. */
export interface DataError extends Error {
  readonly name: 'DataError';
  readonly code: DataErrorCode;
  readonly path: readonly ['data', ...string[]];
}

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

export const isDataError = (error: unknown): error is DataError => error instanceof Error && error.name === 'DataError';

/** `what` is the noun: "image folder", "file". */
export const pathMissing = (what: string, written: string, resolved: string) =>
  failure(
    'path-missing',
    'path',
    `The ${what} "${written}" does not exist: there is no ${resolved}. Correct "path" in "data"; relative paths start at the folder of the experiment file.`,
  );

/** The name of a public data set that is not there yet. */
export const notDownloaded = (id: string, mib: number, resolved: string) =>
  failure(
    'not-downloaded',
    'path',
    `The data set "${id}" is not downloaded. Get it once with: earthmover download ${id} (${mib} MiB). Training never downloads by itself. (There is no ${resolved} either.)`,
  );

/** `id` is a data set of another data source. */
export const otherSource = (id: string, source: string) =>
  failure('bad-setting', 'source', `The data set "${id}" is read by "source": "${source}" in "data". Write that.`);

export const notAFolder = (written: string, folder: string) =>
  failure(
    'not-a-folder',
    'path',
    `"${written}" is not a folder: ${folder} is a file. Let "path" in "data" name the folder that holds the images.`,
  );

export const folderUnreadable = (folder: string, reason: string) =>
  failure(
    'folder-unreadable',
    'path',
    `The folder ${folder} could not be read: ${reason}. Give this user access to it, or move it out of the image folder.`,
  );

export const noImages = (written: string, folder: string, others: number) =>
  failure(
    'no-images',
    'path',
    `The image folder "${written}" holds no image: ${folder} and its subfolders have ${plural(others, 'other file')} and none that ends in .png, .jpg, .jpeg or .webp. Correct "path" in "data", or convert the images.`,
  );

export const overMemory = (
  images: number,
  [height, width, channels]: readonly [number, number, number],
  needed: number,
  { memoryMiB, cache }: { readonly memoryMiB: number; readonly cache: string },
) =>
  failure(
    'over-memory',
    'memoryMiB',
    `${plural(images, 'image')} of ${height} x ${width} x ${channels} bytes take ${grouped(needed)} MiB of memory, more than the ${grouped(memoryMiB)} MiB of "memoryMiB" in "data". Raise "memoryMiB" to ${needed} if this machine has the memory${cache === 'memory' ? ', or let "cache" be "auto"' : ''}, or choose a smaller "size", or use fewer images.`,
  );

export const cacheUnwritable = (file: string, needed: number, cause: NodeJS.ErrnoException) =>
  failure(
    'cache-unwritable',
    'memoryMiB',
    `The samples take ${grouped(needed)} MiB, more than "memoryMiB" in "data", and the cache file for them could not be written: ${cause.message}. Free some space or set XDG_CACHE_HOME to a folder that has it (${file}), or raise "memoryMiB" to ${needed}.`,
  );

export const cacheDamaged = (file: string, slot: number) =>
  failure(
    'cache-damaged',
    'path',
    `Sample ${slot} of the cache file ${file} is not what was written there, or the file was changed or cut off. It has been removed: start or resume the training, which makes it anew.`,
  );

export const imageUnreadable = ({ file, reason }: { readonly file: string; readonly reason: string }) =>
  failure(
    'file-unreadable',
    'onError',
    `The image ${file} could not be decoded: ${reason}. Repair or remove it, or let "onError" in "data" be "skip".`,
  );

/** Samples of a file that holds many. */
export const samplesUnreadable =
  (written: string) =>
  ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    failure(
      'file-unreadable',
      'onError',
      `"${written}": ${file} could not be read: ${reason}. Repair the file, or let "onError" in "data" be "skip".`,
    );

export const allUnreadable = (written: string, images: number, failures: readonly string[]) =>
  failure(
    'all-unreadable',
    'path',
    `None of the ${plural(images, 'image')} in "${written}" could be read: ${firstFew(failures, 3)}. Look whether the files are what their names say.`,
  );

/** A file that is not what its source reads; `problem` is a clause, `advice` a sentence. */
export const badFile = (file: string, problem: string, advice: string) =>
  failure('bad-file', 'path', `${file} cannot be read: ${problem}. ${advice}`);

/** A line or row that is not two finite numbers. */
export const badLine = (file: string, problem: string) =>
  failure('bad-file', 'onError', `${file}: ${problem}. Mend it, or let "onError" in "data" be "skip".`);

/** A setting that does not go with the file. */
export const badSetting = (key: string, message: string) => failure('bad-setting', key, message);

function failure(code: DataErrorCode, key: string, message: string): DataError {
  return Object.assign(new Error(message), { name: 'DataError', code, path: ['data', key] } as const);
}
