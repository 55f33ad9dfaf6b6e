// The few ways in which this folder touches the disk: paths kept inside a run, files replaced whole, errors explained.
import fs from 'node:fs';
import path from 'node:path';
import { damagedFile, diskError, errno } from './errors';

/** Joins `parts` to `root` and asserts that the result lies inside it: names in a run directory are never trusted. */
export function inside(root: string, ...parts: string[]): string {
  const joined = path.resolve(root, ...parts);
  const relative = path.relative(root, joined);
  const leaves =
    relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  if (leaves || parts.some((part) => part.includes('\0'))) {
    throw new Error(`assertion failed: ${JSON.stringify(parts.join('/'))} does not lie inside ${root}`);
  }
  return joined;
}

/** Runs `work`; a file-system error becomes one that says what could not be done ("Cannot <action> <path>: ..."). */
export function onDisk<T>(action: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw errno(error) === undefined ? error : diskError(action, file, error);
  }
}

/** `onDisk` for work that ends later. */
export async function onDiskAsync<T>(action: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errno(error) === undefined ? error : diskError(action, file, error);
  }
}

/** Replaces `file` in one piece: a reader sees the old content or the new. With `sync` it also outlives a power cut. */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: { readonly sync?: boolean } = {},
): void {
  onDisk('write', file, () => {
    const aside = `${file}.${process.pid}.tmp`;
    try {
      writeWhole(aside, content, options.sync ?? false);
      renameOver(aside, file);
    } catch (error) {
      fs.rmSync(aside, { force: true });
      throw error;
    }
    if (options.sync) syncDirectory(path.dirname(file));
  });
}

/** Writes a new file or over an old one, not atomically; with `sync` the content is on the disk when this returns. */
function writeWhole(file: string, content: string | Uint8Array, sync: boolean): void {
  const fd = fs.openSync(file, 'w');
  try {
    writeFully(fd, typeof content === 'string' ? Buffer.from(content) : content, null);
    if (sync) fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Renames `from` to `to`, which may exist. On Windows a reader that has `to` open stands in the way for a moment. */
export function renameOver(from: string, to: string): void {
  for (let tries = 0; ; tries++) {
    try {
      return fs.renameSync(from, to);
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(errno(error) ?? '');
      if (process.platform !== 'win32' || !busy || tries === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Makes renames in `directory` outlive a power cut, where the platform can sync a directory. */
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

/** Writes all of `bytes` at `position`; a short write is carried on, so that a row is whole or an error is thrown. */
export function writeFully(fd: number, bytes: Uint8Array, position: number | null): void {
  for (let done = 0; done < bytes.byteLength; ) {
    done += fs.writeSync(fd, bytes, done, bytes.byteLength - done, position === null ? null : position + done);
  }
}

/** The parsed content of a JSON file of at most `maxBytes`, or undefined where there is none. */
export function readJson(file: string, maxBytes: number, toDo: string): unknown {
  const text = onDisk('read', file, () => {
    try {
      const { size } = fs.statSync(file);
      if (size > maxBytes) throw damagedFile(file, `it has ${size} bytes, which is more than it ever holds`, toDo);
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
    throw damagedFile(file, `it is not JSON (${error instanceof Error ? error.message : String(error)})`, toDo);
  }
}
