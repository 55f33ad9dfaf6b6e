// Reads and writes at a position of an open file, repeated until complete: one call may transfer only a part.
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Node takes at most 2^31 - 1 bytes in one call. */
const maxTransfer = 1 << 30;

/** Fills `out` from `position`; returns the number of bytes read, which is smaller only at the end of the file. */
export function readInto(fd: number, out: Uint8Array, position: number): number {
  let done = 0;
  for (let count = -1; count !== 0 && done < out.byteLength; done += count) {
    count = fs.readSync(fd, out, done, Math.min(out.byteLength - done, maxTransfer), position + done);
  }
  return done;
}

/** Reads up to `length` bytes from `position`; fewer only at the end of the file. */
export function readAt(fd: number, length: number, position: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readInto(fd, bytes, position));
}

/** `readAt` without blocking. At `end`, where the disk says that the file ends, it is not asked again. */
export async function readAtAsync(handle: FileHandle, length: number, position: number, end = 0): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length && (done === 0 || position + done !== end)) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, maxTransfer), position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Writes all of `bytes` at `position`, or at the current position if that is null. */
export function writeAll(fd: number, bytes: Uint8Array, position: number | null): void {
  for (let done = 0; done < bytes.byteLength; ) {
    const length = Math.min(bytes.byteLength - done, maxTransfer);
    done += fs.writeSync(fd, bytes, done, length, position === null ? null : position + done);
  }
}

/** `writeAll` without blocking. */
export async function writeAllAsync(handle: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const at = position === null ? null : position + done;
    done += (await handle.write(bytes, done, Math.min(bytes.byteLength - done, maxTransfer), at)).bytesWritten;
  }
}
