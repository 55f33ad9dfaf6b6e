// Samples as bytes, in slots: all of them in memory that threads share, or read from a file one by one.
import { closeSync, readSync, rmSync } from 'node:fs';
import { cacheDamaged } from '../errors';

/** Samples of equal length, a byte a value, as a value that every thread of the process can read from. */
export type SampleStorage = MemorySamples | FileSamples;

/** All samples, one after the other. */
export interface MemorySamples {
  /** In shared memory. */
  readonly bytes: Uint8Array;
  /** Bytes of a sample. */
  readonly length: number;
}

/** A sequence of samples in an open file. */
export interface FileSamples {
  readonly file: string;
  readonly fd: number;
  /** Where slot 0 begins. */
  readonly start: number;
  readonly length: number;
  /** `sumOf` of every sample. */
  readonly checksums: Uint32Array;
}

/** The bytes of one slot, which are valid until the next call. */
export type SampleReader = (slot: number) => Uint8Array;

/** Told which slots will be read next, so that they can be fetched meanwhile. */
export type ReadAhead = (slots: Uint32Array) => void;

/** Bytes in memory that threads share. */
export const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

/**
 * Samples of a file are read by position as they are asked for. What a file is mapped into memory for elsewhere, the page
 * cache of the system does here: whoever is told `Ahead` has it filled before the samples are wanted. A sample that is not
 * what was written ends the training with the file removed, so that the next start makes it anew.
 */
export function sampleReader(samples: SampleStorage): SampleReader {
  const { length } = samples;
  if ('bytes' in samples) return (slot) => samples.bytes.subarray(slot * length, (slot + 1) * length);
  const buffer = new Uint8Array(length);
  return (slot) => {
    if (!readSample(samples, slot, buffer)) {
      rmSync(samples.file, { force: true });
      throw cacheDamaged(samples.file, slot);
    }
    return buffer;
  };
}

/** Closes the file, where there is one, for all threads. */
export function closeStorage(samples: SampleStorage): void {
  if ('fd' in samples) closeSync(samples.fd);
}

/** Reads one sample into `out`; false where it is not what was written. */
export function readSample({ fd, start, length, checksums }: FileSamples, slot: number, out: Uint8Array): boolean {
  for (let done = 0; done < length; ) {
    const read = readSync(fd, out, done, length - done, start + slot * length + done);
    if (read === 0) return false;
    done += read;
  }
  return checksum(out) === checksums[slot];
}

/**
 * A sum of 32 bits over words, h ← (h ⊕ w) · 0x9e3779b1: each step is a bijection of h, so a change within any one word is
 * always seen, and others almost always.
 */
export function checksum(bytes: Uint8Array): number {
  let h = 0x811c9dc5 ^ bytes.length;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    h = Math.imul(h ^ word, 0x9e3779b1);
  }
  for (let i = whole; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x9e3779b1);
  return (h ^ (h >>> 15)) >>> 0;
}
