// Disk access of a run directory: paths kept inside it, and file-system errors explained to the user.
import fs from 'node:fs';
import path from 'node:path';
import { type Appender, openAppender as append } from '../files/append';
import { errno } from '../files/errno';
import { replaceFile as replace } from '../files/replace';
import { damagedFile, diskError } from './errors';

/** Joins `parts` to `root` and asserts that the result is inside it: names in a run directory are never trusted. */
export function inside(root: string, ...parts: string[]): string {
  const joined = path.resolve(root, ...parts);
  const relative = path.relative(root, joined);
  const escapes =
    relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  if (escapes || parts.some((part) => part.includes('\0'))) {
    throw new Error(`assertion failed: ${JSON.stringify(parts.join('/'))} is not inside ${root}`);
  }
  return joined;
}

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
export const replaceFile = (
  file: string,
  content: string | Uint8Array,
  options: { readonly sync?: boolean } = {},
): void => onDisk('write', file, () => replace(file, content, options));

/** Opens a file, which is created if it does not exist, to append text to it. */
export function openAppender(file: string): Appender<string> {
  const appender = onDisk('open', file, () => append(file));
  return {
    append: (text) => onDisk('write', file, () => appender.append(text)),
    close: () => onDisk('close', file, appender.close),
  };
}

/**
 * The parsed content of a JSON file of at most `maxBytes`; undefined if it does not exist. `advice` is the advice if it
 * is damaged.
 */
export function readJson(file: string, maxBytes: number, advice: string): unknown {
  const text = onDisk('read', file, () => {
    try {
      const { size } = fs.statSync(file);
      if (size > maxBytes) throw damagedFile(file, `it has ${size} bytes, more than this file can have`, advice);
      return fs.readFileSync(file, 'utf8');
    } catch (error) {
      if (errno(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damagedFile(file, `it is not JSON (${error instanceof Error ? error.message : String(error)})`, advice);
  }
}
