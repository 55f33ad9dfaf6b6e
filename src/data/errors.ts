// What can be wrong with the data a user names: factories of errors that say what, the value and what to do.
import { count, number, some } from './notes';

/** An error in what the user gave. `path` leads to the key of the experiment file that it is about. */
export interface DataError extends Error {
  readonly name: 'DataError';
  readonly code: DataErrorCode;
  readonly path: readonly ['data', ...string[]];
}

export type DataErrorCode =
  | 'folder-missing'
  | 'not-a-folder'
  | 'folder-unreadable'
  | 'no-images'
  | 'over-memory'
  | 'file-unreadable'
  | 'all-unreadable';

export const isDataError = (error: unknown): error is DataError => error instanceof Error && error.name === 'DataError';

export const folderMissing = (written: string, folder: string) =>
  failure(
    'folder-missing',
    'path',
    `The image folder "${written}" does not exist: there is no ${folder}. Correct "path" in "data"; relative paths start at the folder of the experiment file.`,
  );

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
    `The image folder "${written}" holds no image: ${folder} and its subfolders have ${count(others, 'other file')} and none that ends in .png, .jpg, .jpeg or .webp. Correct "path" in "data", or convert the images.`,
  );

export const overMemory = (images: number, side: number, channels: number, needed: number, budget: number) =>
  failure(
    'over-memory',
    'memoryMiB',
    `${count(images, 'image')} of ${side} x ${side} x ${channels} bytes take ${number(needed)} MiB of memory, more than the ${number(budget)} MiB of "memoryMiB" in "data". Raise "memoryMiB" to ${needed} if this machine has the memory, or choose a smaller "size", or put fewer images in the folder.`,
  );

export const fileUnreadable = (file: string, reason: string) =>
  failure(
    'file-unreadable',
    'onError',
    `The image ${file} could not be decoded: ${reason}. Repair or remove it, or let "onError" in "data" be "skip".`,
  );

export const allUnreadable = (written: string, failures: readonly string[]) =>
  failure(
    'all-unreadable',
    'path',
    `None of the ${count(failures.length, 'image')} in "${written}" could be decoded: ${some(failures, 3)}. Look whether the files are what their names say.`,
  );

function failure(code: DataErrorCode, key: string, message: string): DataError {
  return Object.assign(new Error(message), { name: 'DataError', code, path: ['data', key] } as const);
}
