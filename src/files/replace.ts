// Atomic replacement of files. Errors are those of the file system.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errno } from './errno';
import { openOrdinary, openOrdinaryAsync } from './ordinaryFile';
import { writeAll, writeAllAsync } from './readWrite';

export interface ReplaceOptions {
  /** True: the new content survives a power loss. 'content': the new or the old does. By default perhaps neither. */
  readonly sync?: boolean | 'content';
  /** Called when the new content is written and only the rename is left, which does not happen if this throws. */
  readonly beforeRename?: () => void;
}

/** Replaces `file` atomically: a reader sees the old content or the new. */
export function replaceFile(file: string, content: string | Uint8Array, options: ReplaceOptions = {}): void {
  const temporary = temporaryName(file);
  try {
    writeNew(temporary, content, Boolean(options.sync));
    options.beforeRename?.();
    renameOver(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  if (options.sync === true) syncDirectory(path.dirname(file));
}

/** The name under which `file` is written before it is renamed: no other process or machine uses it. */
export const temporaryName = (file: string): string => `${file}.${randomUUID().slice(0, 8)}.tmp`;

/** Writes a new file, not atomically; with `sync` the content is on the disk when this returns. */
export function writeNew(file: string, content: string | Uint8Array, sync = false): void {
  const fd = openOrdinary(file, 'new');
  try {
    writeAll(fd, typeof content === 'string' ? Buffer.from(content) : content, null);
    if (sync) fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Creates a file that others see complete or not at all. Returns false, and changes nothing, if there is something of
 * its name: of several processes, exactly one creates it.
 */
export function createFile(file: string, content: string | Uint8Array): boolean {
  const temporary = temporaryName(file);
  try {
    writeNew(temporary, content, true);
    linkOrCopy(temporary, file, content);
    return true;
  } catch (error) {
    // The reply of a network disk may be lost: the repeated request then fails although the first one succeeded.
    if (errno(error) !== 'EEXIST') throw error;
    return fs.statSync(temporary, { throwIfNoEntry: false })?.nlink === 2;
  } finally {
    fs.rmSync(temporary, { force: true });
    syncDirectory(path.dirname(file));
  }
}

function linkOrCopy(from: string, to: string, content: string | Uint8Array): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (errno(error) === 'EEXIST') throw error;
    // Some file systems have no links: after an exclusive copy the file is incomplete for a moment.
    writeNew(to, content, true);
  }
}

/** `replaceFile` without blocking, and without surviving a power loss. */
export async function replaceFileAsync(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await writeNewAsync(temporary, content);
    await renameOverAsync(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `writeNew` without blocking. */
export async function writeNewAsync(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await openOrdinaryAsync(file, 'new');
  try {
    await writeAllAsync(handle, typeof content === 'string' ? Buffer.from(content) : content, null);
  } finally {
    await handle.close();
  }
}

/** `replaceFile` by the content of a stream. */
export async function replaceByStream(file: string, content: Readable): Promise<void> {
  const temporary = temporaryName(file);
  try {
    const handle = await openOrdinaryAsync(temporary, 'new');
    await pipeline(content, handle.createWriteStream());
    renameOver(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Renames `from` to `to`, which may exist. On Windows this fails while a reader has `to` open, so it is retried. */
export function renameOver(from: string, to: string): void {
  for (let tries = 0; ; tries++) {
    try {
      return fs.renameSync(from, to);
    } catch (error) {
      if (!isWorthRetrying(error, tries)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

/** `renameOver` without blocking. */
export async function renameOverAsync(from: string, to: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!isWorthRetrying(error, tries)) throw error;
      await sleep(retryMs);
    }
  }
}

const retryMs = 10;

const isWorthRetrying = (error: unknown, tries: number): boolean =>
  process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errno(error) ?? '') && tries < 20;

/** Makes renames in `directory` survive a power loss, if the platform can sync a directory. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    // Some network file systems refuse to sync a directory; they order renames themselves.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(errno(error) ?? '')) throw error;
  } finally {
    fs.closeSync(fd);
  }
}
