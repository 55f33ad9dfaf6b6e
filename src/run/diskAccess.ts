// Disk access of a run directory: paths kept inside it, no links, only ordinary files, and file-system errors explained
// to the user.
import path from 'node:path';
import { type Appender, openAppender as append } from '../files/append';
import { errno } from '../files/errno';
import { makeFolder as make, makeFolderInside, namesIn, withoutLinks, withoutLinksAsync } from '../files/folder';
import { FileKindError, readOrdinary, readOrdinaryAsync } from '../files/ordinaryFile';
import { replaceFile as replace, type ReplaceOptions } from '../files/replace';
import { clean } from '../shared/text';
import { damagedFile, diskError } from './errors';

/** Joins `parts` to `root` and asserts that the result is inside it: names in a run directory are never trusted. */
export function inside(root: string, ...parts: string[]): string {
  const joined = path.resolve(root, ...parts);
  if (parts.length > 0 && parts.every((part) => plainName.test(part))) return joined;
  const relative = path.relative(root, joined);
  const escapes =
    relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  if (escapes || parts.some((part) => part.includes('\0'))) {
    throw new Error(`assertion failed: ${JSON.stringify(parts.join('/'))} is not inside ${root}`);
  }
  return joined;
}

/** Of a file or folder: cannot lead anywhere else. */
const plainName = /^[\w-][\w.-]*$/;

/** Runs `work` and turns a file-system error into a UserError ("Cannot <action> <path>: ..."). */
export function onDisk<T>(action: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw errno(error) === undefined ? error : diskError(action, file, error);
  }
}

/** `onDisk` for asynchronous work. */
export async function onDiskAsync<T>(action: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errno(error) === undefined ? error : diskError(action, file, error);
  }
}

/** Replaces `file` atomically: a reader sees the old content or the new. With `sync` it also survives a power loss. */
export const replaceFile = (file: string, content: string | Uint8Array, options?: ReplaceOptions): void =>
  onDisk('write', file, () => replace(file, content, options));

/** Opens a file, which is created if it does not exist, to append text to it. */
export function openAppender(file: string): Appender<string> {
  const appender = onDisk('open', file, () => append(file));
  return {
    append: (text) => onDisk('write', file, () => appender.append(text)),
    close: () => onDisk('close', file, appender.close),
  };
}

/**
 * The folder `names` inside a run directory; it need not exist. Throws a UserError if it, or a folder on the way, is a
 * link: a run directory may come from anywhere, and nothing is read, written or removed outside of it.
 */
export function folderInside(root: string, ...names: string[]): string {
  const folder = inside(root, ...names);
  return onDisk('open', folder, () => withoutLinks(root, ...names));
}

/** `folderInside` without blocking. */
export function folderInsideAsync(root: string, ...names: string[]): Promise<string> {
  const folder = inside(root, ...names);
  return onDiskAsync('open', folder, () => withoutLinksAsync(root, ...names));
}

/** Creates a folder and those above it; does nothing if it exists. */
export const makeFolder = (folder: string): void => onDisk('create', folder, () => make(folder));

/** Creates a part of a run; not the run itself, which may have been moved or deleted since it began. */
export const makePart = (folder: string): void => onDisk('create', folder, () => makeFolderInside(folder));

/** The names in a folder; none if it does not exist. */
export const listFolder = (folder: string): string[] => onDisk('list', folder, () => namesIn(folder));

/** The content of an ordinary file of at most `maxBytes`; undefined if it does not exist. */
export function readIfExists(file: string, maxBytes: number): Buffer | undefined {
  return onDisk('read', file, () => {
    try {
      return readOrdinary(file, maxBytes);
    } catch (error) {
      if (errno(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** `readIfExists` without blocking. */
export function readIfExistsAsync(file: string, maxBytes: number): Promise<Buffer | undefined> {
  return onDiskAsync('read', file, async () => {
    try {
      return await readOrdinaryAsync(file, maxBytes);
    } catch (error) {
      if (errno(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/**
 * The parsed content of a JSON file of at most `maxBytes`; undefined if it does not exist. `advice` is the advice if it
 * is damaged, which includes that it is too large, or no file at all.
 */
export function readJson(file: string, maxBytes: number, advice: string): unknown {
  try {
    return parseJson(file, readIfExists(file, maxBytes), advice);
  } catch (error) {
    throw orDamaged(error, file, advice);
  }
}

/** `readJson` without blocking. */
export async function readJsonAsync(file: string, maxBytes: number, advice: string): Promise<unknown> {
  try {
    return parseJson(file, await readIfExistsAsync(file, maxBytes), advice);
  } catch (error) {
    throw orDamaged(error, file, advice);
  }
}

function parseJson(file: string, bytes: Buffer | undefined, advice: string): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    // V8 quotes the text around the fault.
    throw damagedFile(file, `it is not JSON (${clean((error as Error).message)})`, advice);
  }
}

/** Damage instead of a disk error if a file is not what it should be. */
const orDamaged = (error: unknown, file: string, advice: string): unknown =>
  error instanceof Error && error.cause instanceof FileKindError
    ? damagedFile(file, error.cause.problem, advice)
    : error;
