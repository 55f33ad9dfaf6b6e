// Opens and reads files that others may have put in place: only ordinary files, because a FIFO or a device can block or
// never end, and not through a link unless the caller asks for it.
import fs from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';
import { readAt, readAtAsync } from './readWrite';

/** 'new' fails if the file exists; 'append' creates it; 'read' and 'update' need an existing file. */
export type FileMode = 'read' | 'update' | 'append' | 'new';

/** Whether a file may be opened through a link: in a run directory never, elsewhere people link their data. */
export type Links = 'refuse' | 'follow';

/** A file that was not opened because of its kind ('EFTYPE', 'EISDIR') or not read because of its size ('EFBIG'). */
export class FileKindError extends Error {
  constructor(
    readonly code: 'EFTYPE' | 'EISDIR' | 'EFBIG',
    /** Completes a sentence whose subject is the file: "it is a named pipe, not an ordinary file". */
    readonly problem: string,
  ) {
    super(problem);
  }
}

/** Opens an ordinary file and returns its descriptor. Throws errors of the file system, or a FileKindError. */
export function openOrdinary(file: string, mode: FileMode = 'read', links: Links = 'refuse'): number {
  // Even opening a device can have an effect, so its kind is checked before; and again after, because it may change.
  const found = (links === 'follow' ? fs.statSync : fs.lstatSync)(file, { throwIfNoEntry: false });
  if (found !== undefined) requireOrdinary(found);
  const fd = fs.openSync(file, flags[mode] | openFlags(links));
  try {
    requireOrdinary(fs.fstatSync(fd));
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** `openOrdinary` without blocking. */
export const openOrdinaryAsync = async (file: string, mode?: FileMode, links?: Links): Promise<FileHandle> =>
  (await openWithStats(file, mode, links)).handle;

/** `openOrdinaryAsync`, with what the disk says about the file. */
export async function openWithStats(
  file: string,
  mode: FileMode = 'read',
  links: Links = 'refuse',
): Promise<{ readonly handle: FileHandle; readonly stats: fs.Stats }> {
  const found = await (links === 'follow' ? stat : lstat)(file).catch(() => undefined);
  if (found !== undefined) requireOrdinary(found);
  const handle = await open(file, flags[mode] | openFlags(links));
  try {
    const stats = await handle.stat();
    requireOrdinary(stats);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The content of an ordinary file of at most `maxBytes`. The bytes read count, not the size that the disk reports. */
export function readOrdinary(file: string, maxBytes: number, links: Links = 'refuse'): Buffer {
  const fd = openOrdinary(file, 'read', links);
  try {
    const chunks: Buffer[] = [];
    for (let total = 0, length = firstLength(fs.fstatSync(fd), maxBytes); ; length = nextLength) {
      const chunk = readAt(fd, length, total);
      total += chunk.byteLength;
      chunks.push(chunk);
      requireAtMost(total, maxBytes);
      if (chunk.byteLength < length) return joined(chunks);
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** `readOrdinary` without blocking. */
export async function readOrdinaryAsync(file: string, maxBytes: number, links: Links = 'refuse'): Promise<Buffer> {
  const { handle, stats } = await openWithStats(file, 'read', links);
  try {
    const chunks: Buffer[] = [];
    for (let total = 0, length = firstLength(stats, maxBytes); ; length = nextLength) {
      const chunk = await readAtAsync(handle, length, total, stats.size);
      total += chunk.byteLength;
      chunks.push(chunk);
      requireAtMost(total, maxBytes);
      if (chunk.byteLength < length) return joined(chunks);
    }
  } finally {
    await handle.close();
  }
}

/** A stream of an ordinary file, or of a part of it. A file that cannot be opened is an error of the stream. */
export function streamOrdinary(
  file: string,
  options: {
    readonly start?: number;
    readonly end?: number;
    readonly highWaterMark?: number;
    readonly signal?: AbortSignal;
  } = {},
  links: Links = 'refuse',
): fs.ReadStream {
  const open = (_file: string, _flags: unknown, _mode: unknown, done: (error: unknown, fd?: number) => void): void =>
    void openDescriptor(file, links).then((fd) => done(null, fd), done);
  return fs.createReadStream(file, { ...options, fs: { ...fs, open } as typeof fs });
}

const openDescriptor = async (file: string, links: Links): Promise<number> => openOrdinary(file, 'read', links);

/** All of a pipe of this process, such as /dev/stdin; it blocks until the writer ends. Never for a path from a file. */
export const readPipe = (file: string): Buffer => fs.readFileSync(file);

const { O_RDONLY, O_RDWR, O_WRONLY, O_APPEND, O_CREAT, O_EXCL } = fs.constants;

const flags: Readonly<Record<FileMode, number>> = {
  read: O_RDONLY,
  update: O_RDWR,
  append: O_WRONLY | O_CREAT | O_APPEND,
  new: O_WRONLY | O_CREAT | O_EXCL,
};

/** Windows has neither flag: there the check before opening decides, and files are not FIFOs. */
function openFlags(links: Links): number {
  const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = fs.constants as Partial<typeof fs.constants>;
  return O_NONBLOCK | (links === 'refuse' ? O_NOFOLLOW : 0);
}

/** Throws a FileKindError if `found` is not of an ordinary file. */
export function requireOrdinary(found: fs.Stats): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw new FileKindError('EISDIR', 'it is a folder, not a file');
  throw new FileKindError('EFTYPE', `it is ${kindOf(found)}, not an ordinary file`);
}

/** What a file is, if it is neither ordinary nor a folder. */
function kindOf(found: fs.Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

const nextLength = 1 << 16;

/** One byte more than expected, so that a file of the expected size is read in one chunk and its end is seen. */
const firstLength = ({ size }: fs.Stats, maxBytes: number): number => Math.min(size, maxBytes) + 1;

const joined = (chunks: readonly Buffer[]): Buffer => (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));

function requireAtMost(total: number, maxBytes: number): void {
  if (total > maxBytes) throw new FileKindError('EFBIG', `it has more than ${maxBytes} bytes`);
}
