// The file of prepared samples: written beside its name, whole when it gets it, checked when it is opened.
//
//   magic (64 bytes) · samples [slots, length] · sums u32 [slots] · labels u8 [slots], where there are any · JSON · end (16 bytes)
import { closeSync, fstatSync, futimesSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import type { ReadFailure } from '../images/decodeTask';
import { readSample, checksum, type FileSamples } from './sampleStorage';

/** What was found while the samples were read, beside themselves. */
export interface ReadReport {
  readonly failures: readonly ReadFailure[];
  /** The class of every slot. */
  readonly labels?: Uint8Array;
  /** Sentences for the log. */
  readonly notes: readonly string[];
}

export interface CacheWriter {
  /** Writes samples, one after another, from `slot` on. */
  put(slot: number, bytes: Uint8Array): void;
  /** Completes the file and gives it its name. */
  finish(findings: ReadReport): void;
  /** Takes away what was written. */
  discard(): void;
}

export interface CachedSamples extends FileSamples {
  readonly findings: ReadReport;
}

const head = Buffer.alloc(64);
head.write('earthmover samples, version 1\n');
const end = 'EMSAMPLE';
const endLength = 16;

/** What is written is called `<file>.<host>.<pid>.tmp` until it is whole. */
const asideName = (file: string): string => `${file}.${os.hostname()}.${process.pid}.tmp`;

export function createCacheFile(file: string, slots: number, length: number): CacheWriter {
  const aside = asideName(file);
  const fd = openSync(aside, 'w');
  const checksums = new Uint32Array(slots).fill(checksum(new Uint8Array(length))); // of what was never written, a read gives zeros
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  const put: CacheWriter['put'] = (slot, bytes) => {
    for (let k = 0; k * length < bytes.length; k++)
      checksums[slot + k] = checksum(bytes.subarray(k * length, (k + 1) * length));
    writeAll(fd, bytes, head.length + slot * length);
  };
  return {
    put,
    finish({ failures, labels, notes }) {
      writeAll(fd, head, 0);
      const text = Buffer.from(JSON.stringify({ slots, length, labels: labels !== undefined, failures, notes }));
      const tail = Buffer.concat([Buffer.from(checksums.buffer), labels ?? Buffer.alloc(0), text]);
      const ending = Buffer.alloc(endLength);
      ending.writeUInt32LE(text.length, 0);
      ending.writeUInt32LE((checksum(tail) ^ text.length) >>> 0, 4);
      ending.write(end, 8, 'latin1');
      writeAll(fd, Buffer.concat([tail, ending]), head.length + slots * length);
      close();
      renameSync(aside, file);
    },
    discard() {
      close();
      rmSync(aside, { force: true });
    },
  };
}

/**
 * Opens a file of `slots` samples of `length` bytes. Undefined where there is none, or where it is cut off, damaged or of
 * other samples; such a file is removed. With `all` every sample is checked, otherwise 64 throughout the file.
 */
export function openCacheFile(file: string, slots: number, length: number, all: boolean): CachedSamples | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r+');
  } catch {
    return undefined;
  }
  const found = read(file, fd, slots, length, all);
  if (found) {
    const now = new Date();
    futimesSync(fd, now, now); // What is not used for a month is swept out.
    return found;
  }
  closeSync(fd);
  rmSync(file, { force: true });
  return undefined;
}

function read(file: string, fd: number, slots: number, length: number, all: boolean): CachedSamples | undefined {
  const { size } = fstatSync(fd);
  const tailAt = head.length + slots * length;
  const tailLength = size - tailAt - endLength;
  if (tailLength < 4 * slots || tailLength > 4 * slots + slots + mostText) return undefined;
  if (!readAll(fd, head.length, 0)?.equals(head)) return undefined;
  const tail = readAll(fd, tailLength, tailAt);
  const last = readAll(fd, endLength, tailAt + tailLength);
  if (!tail || last?.toString('latin1', 8) !== end) return undefined;
  const textLength = last.readUInt32LE(0);
  if (last.readUInt32LE(4) !== (checksum(tail) ^ textLength) >>> 0) return undefined;
  const meta = JSON.parse(tail.toString('utf8', tailLength - textLength)) as ReadReport & {
    readonly slots: number;
    readonly length: number;
    readonly labels: boolean;
  };
  if (meta.slots !== slots || meta.length !== length) return undefined;
  const checksums = new Uint32Array(slots);
  for (let k = 0; k < slots; k++) checksums[k] = tail.readUInt32LE(4 * k);
  const labels = meta.labels ? Uint8Array.from(tail.subarray(4 * slots, 5 * slots)) : undefined;
  const cached = {
    file,
    fd,
    start: head.length,
    length,
    checksums,
    findings: { failures: meta.failures, notes: meta.notes, labels },
  };
  const sample = new Uint8Array(length);
  const step = all ? 1 : Math.max(1, Math.floor(slots / 64));
  for (let slot = 0; slot < slots; slot += step) if (!readSample(cached, slot, sample)) return undefined;
  return cached;
}

/** Failures by the hundred thousand are no cause to read a gigabyte of JSON. */
const mostText = 64 << 20;

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

function readAll(fd: number, length: number, position: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const count = readSync(fd, bytes, done, length - done, position + done);
    if (count === 0) return undefined;
    done += count;
  }
  return bytes;
}
