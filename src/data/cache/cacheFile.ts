// The file of prepared samples: written under a temporary name, renamed when complete, verified when opened.
//
//   magic (64 bytes) · samples [slots, length] · checksums u32 [slots] · labels u8 [slots] or nothing ·
//   JSON · end (16 bytes)
import { closeSync, fstatSync, futimesSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import { openOrdinary } from '../../files/ordinaryFile';
import { readAt, writeAll } from '../../files/readWrite';
import type { ReadFailure } from '../images/decodeTask';
import { checksum, readSample, type FileSamples } from './sampleStorage';

/** Facts found while the samples were read. */
export interface ReadReport {
  readonly failures: readonly ReadFailure[];
  /** The class of every slot, if known. */
  readonly labels?: Uint8Array;
  /** Sentences for the log. */
  readonly notes: readonly string[];
}

export interface CacheWriter {
  /** Writes one or more samples, the first at `slot`. */
  put(slot: number, bytes: Uint8Array): void;
  /** Completes the file and renames it. */
  finish(report: ReadReport): void;
  /** Deletes what was written. */
  discard(): void;
}

export interface CachedSamples extends FileSamples {
  readonly report: ReadReport;
}

const head = Buffer.alloc(64);
head.write('earthmover samples, version 1\n');
const end = 'EMSAMPLE';
const endLength = 16;

/** The name of the file until it is complete: `<file>.<host>.<pid>.tmp`. */
const temporaryName = (file: string): string => `${file}.${os.hostname()}.${process.pid}.tmp`;

export function createCacheFile(file: string, slots: number, length: number): CacheWriter {
  const temporary = temporaryName(file);
  rmSync(temporary, { force: true });
  const fd = openOrdinary(temporary, 'new');
  // Slots that are never written read as zeros.
  const checksums = new Uint32Array(slots).fill(checksum(new Uint8Array(length)));
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
      renameSync(temporary, file);
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/**
 * Opens a file of `slots` samples of `length` bytes. Undefined if there is none, or if it is truncated, damaged or of
 * other samples; such a file is deleted. With `all` every sample is verified, otherwise 64 samples across the file.
 */
export function openCacheFile(file: string, slots: number, length: number, all: boolean): CachedSamples | undefined {
  let fd: number;
  try {
    fd = openOrdinary(file, 'update');
  } catch {
    return undefined;
  }
  const found = read(file, fd, slots, length, all);
  if (found) {
    const now = new Date();
    futimesSync(fd, now, now); // Marks it as used, see evictCache.ts.
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
  if (tailLength < 4 * slots || tailLength > 4 * slots + slots + maxTextLength) return undefined;
  if (!readAt(fd, head.length, 0).equals(head)) return undefined;
  const tail = readAt(fd, tailLength, tailAt);
  const last = readAt(fd, endLength, tailAt + tailLength);
  if (tail.length < tailLength || last.toString('latin1', 8) !== end) return undefined;
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
    report: { failures: meta.failures, notes: meta.notes, labels },
  };
  const sample = new Uint8Array(length);
  const step = all ? 1 : Math.max(1, Math.floor(slots / 64));
  for (let slot = 0; slot < slots; slot += step) if (!readSample(cached, slot, sample)) return undefined;
  return cached;
}

/** The largest JSON text in bytes, in case of very many failures or damage. */
const maxTextLength = 64 << 20;
