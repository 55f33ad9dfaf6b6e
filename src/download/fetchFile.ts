// Downloads a file of known size and checksum: resumes a partial download and keeps only a file that matches.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../files/folder';
import { openOrdinaryAsync, streamOrdinary } from '../files/ordinaryFile';
import { writeAllAsync } from '../files/readWrite';
import { renameOverAsync, syncDirectory } from '../files/replace';
import * as errors from './errors';
import type { RemoteFile } from './remoteFile';

export interface FetchOptions {
  /** An abort rejects with the signal's reason; the bytes received so far stay on the disk. */
  readonly signal?: AbortSignal;
  /** Called after every chunk with the number of bytes received and the total. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called before each retry. */
  readonly onRetry?: (reason: string) => void;
  /** Retries after the first attempt; attempts that receive bytes do not count. 3 by default. */
  readonly retries?: number;
  /** Milliseconds before the first retry, doubled before each further one; 1000 by default. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which the connection counts as broken; 60,000 by default. */
  readonly timeout?: number;
}

/**
 * Downloads `remote` to `file`. The download is written to `<file>.part`, which is renamed when its size and checksum
 * match. Throws DownloadError.
 * @returns 'present' if the complete file already existed
 */
export async function fetchFile(
  remote: RemoteFile,
  file: string,
  options: FetchOptions = {},
): Promise<'fetched' | 'present'> {
  const { signal } = options;
  signal?.throwIfAborted();
  const present = await sizeOf(file);
  if (present === remote.size && (await checksumOf(file, remote, signal)) === remote.checksum.hex) return 'present';
  const folder = path.dirname(file);
  const existing = nearestExisting(folder);
  await onDisk(folder, remote.size, async () => makeFolder(folder));
  try {
    await download(remote, file, options);
  } catch (error) {
    await removeEmpty(folder, existing);
    throw error;
  }
  return 'fetched';
}

async function download(remote: RemoteFile, file: string, options: FetchOptions): Promise<void> {
  const { signal } = options;
  const part = `${file}.part`;
  for (;;) {
    const kept = await sizeOf(part);
    await transferWithRetries(remote, part, options);
    const found = await checksumOf(part, remote, signal);
    if (found === remote.checksum.hex) break;
    await rm(part, { force: true });
    // The kept part may belong to another version of the file, so the download starts over once.
    if (kept === 0) throw errors.wrongChecksum(remote.url, remote.checksum.algorithm, found, remote.checksum.hex);
  }
  await onDisk(file, 0, () => publish(part, file));
}

/** The folder itself or the nearest one above it that exists. */
function nearestExisting(folder: string): string {
  return existsSync(folder) || folder === path.dirname(folder) ? folder : nearestExisting(path.dirname(folder));
}

/** Removes a folder and those above it as long as they are empty, up to `end`, which stays. */
async function removeEmpty(folder: string, end: string): Promise<void> {
  try {
    for (let at = folder; at !== end; at = path.dirname(at)) await rmdir(at);
  } catch {
    // A part of the file is kept there, or something else.
  }
}

/** Renames a complete download, which a power loss then neither truncates nor loses. */
async function publish(part: string, file: string): Promise<void> {
  const handle = await openOrdinaryAsync(part, 'update');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await renameOverAsync(part, file);
  syncDirectory(path.dirname(file));
}

async function transferWithRetries(remote: RemoteFile, part: string, options: FetchOptions): Promise<void> {
  const { signal, retries = 3, retryDelay = 1000 } = options;
  let failures = 0;
  for (;;) {
    const before = await sizeOf(part);
    try {
      return await transfer(remote, part, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!errors.isDownloadError(error) || error.code !== 'broken') throw error;
      failures = (await sizeOf(part)) > before ? 1 : failures + 1;
      if (failures > retries) throw error;
      options.onRetry?.(error.summary);
      await sleep(retryDelay * 2 ** (failures - 1), undefined, { signal });
    }
  }
}

/** Downloads the missing bytes of `part` in one request. */
async function transfer(remote: RemoteFile, part: string, options: FetchOptions): Promise<void> {
  const { url, size } = remote;
  const { signal, onProgress, timeout = 60_000 } = options;
  const kept = await sizeOf(part);
  if (kept === size) return;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`no data for ${timeout / 1000} s`)), timeout);
  let position = kept;
  try {
    const { body, start } = await request(
      remote,
      kept < size ? kept : 0,
      AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    );
    position = start;
    const handle = await onDisk(part, size - start, () => openPart(part, start > 0));
    try {
      for await (const chunk of body) {
        timer.refresh();
        if (position + chunk.length > size) throw errors.wrongSize(url, position + chunk.length, size);
        await onDisk(part, size - position, () => writeAllAsync(handle, chunk, position));
        position += chunk.length;
        onProgress?.(position, size);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!errors.isDownloadError(error)) throw errors.broken(url, reasonOf(stalled.signal.reason ?? error), position);
    if (error.code === 'wrong-content') await rm(part, { force: true });
    throw error;
  } finally {
    clearTimeout(timer);
  }
  if (position < size) throw errors.broken(url, `the connection closed after ${position} of ${size} bytes`, position);
}

/** Requests the bytes from `kept` on; `start` is the first byte of the answer, 0 if the server ignores ranges. */
async function request(remote: RemoteFile, kept: number, signal: AbortSignal) {
  const { url, size } = remote;
  const range: Record<string, string> = kept > 0 ? { range: `bytes=${kept}-` } : {};
  // Without 'identity' a server may compress the file, and its size would not be the published one.
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...range }, signal });
  const { status, statusText, headers, body } = response;
  const partial = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && partial && Number(partial[1]) === kept && [String(size), '*'].includes(partial[2])) {
    return { body: body as unknown as AsyncIterable<Uint8Array>, start: kept };
  }
  if (status === 200 && body) {
    const length = headers.get('content-length');
    if (length === null || Number(length) === size)
      return { body: body as unknown as AsyncIterable<Uint8Array>, start: 0 };
    await body.cancel();
    throw errors.wrongSize(url, Number(length), size);
  }
  await body?.cancel();
  if (kept > 0 && (status === 206 || status === 416)) return request(remote, 0, signal); // not the requested range
  if (status === 408 || status === 429 || status >= 500)
    throw errors.broken(url, `the server responded with ${status}`, kept);
  throw errors.refused(url, status, statusText);
}

async function openPart(part: string, continued: boolean): Promise<FileHandle> {
  if (continued) return openOrdinaryAsync(part, 'update');
  await rm(part, { force: true });
  return openOrdinaryAsync(part, 'new');
}

async function onDisk<T>(file: string, missing: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errors.diskFailed(file, error as NodeJS.ErrnoException, missing);
  }
}

async function checksumOf(file: string, { checksum }: RemoteFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash(checksum.algorithm);
  for await (const chunk of streamOrdinary(file, { signal, highWaterMark: 1 << 20 }, 'follow'))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Size of a file in bytes; 0 if it does not exist. */
const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;

/** The cause behind fetch's "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const inner = cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? '') : '';
  return (inner || error.message).replace(/\.$/, '');
}
