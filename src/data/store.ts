// Samples as bytes, in slots: all of them in memory, or read from a file one by one.
import { closeSync, readSync, rmSync } from 'node:fs';
import { cacheDamaged } from './errors';

/** Samples of equal length, a byte a value. */
export interface Store {
  readonly slots: number;
  /** Bytes of a sample. */
  readonly length: number;
  /** The bytes of one slot, which are valid until the next call. */
  read(slot: number): Uint8Array;
  /** Told which slots will be read next, so that they can be fetched meanwhile. */
  ahead?(slots: Uint32Array): void;
  /** Lets go of the file, where there is one. */
  close(): void;
}

export function memoryStore(bytes: Uint8Array, length: number): Store {
  return {
    slots: bytes.length / length,
    length,
    read: (slot) => bytes.subarray(slot * length, (slot + 1) * length),
    close: () => {},
  };
}

/** A sequence of samples in an open file. */
export interface SampleFile {
  readonly file: string;
  readonly fd: number;
  /** Where slot 0 begins. */
  readonly start: number;
  readonly length: number;
  /** `sumOf` of every sample. */
  readonly sums: Uint32Array;
}

/**
 * Samples read by position as they are asked for. What a file is mapped into memory for elsewhere, the page cache of the
 * system does here: `prefetch` has it filled before the samples are wanted. A sample that is not what was written ends
 * the training with the file removed, so that the next start makes it anew.
 */
export function fileStore(of: SampleFile, prefetch?: (slots: Uint32Array) => void): Store {
  const { file, fd, sums, length } = of;
  const buffer = new Uint8Array(length);
  return {
    slots: sums.length,
    length,
    read(slot) {
      if (!readSample(of, slot, buffer)) {
        rmSync(file, { force: true });
        throw cacheDamaged(file, slot);
      }
      return buffer;
    },
    ahead: prefetch,
    close: () => closeSync(fd),
  };
}

/** Reads one sample into `out`; false where it is not what was written. */
export function readSample({ fd, start, length, sums }: SampleFile, slot: number, out: Uint8Array): boolean {
  for (let done = 0; done < length; ) {
    const read = readSync(fd, out, done, length - done, start + slot * length + done);
    if (read === 0) return false;
    done += read;
  }
  return sumOf(out) === sums[slot];
}

/**
 * A sum of 32 bits over words, h ← (h ⊕ w) · 0x9e3779b1: each step is a bijection of h, so a change within any one word is
 * always seen, and others almost always.
 */
export function sumOf(bytes: Uint8Array): number {
  let h = 0x811c9dc5 ^ bytes.length;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    h = Math.imul(h ^ word, 0x9e3779b1);
  }
  for (let i = whole; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x9e3779b1);
  return (h ^ (h >>> 15)) >>> 0;
}
