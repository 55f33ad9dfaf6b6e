// Samples as bytes in numbered slots: all in memory that threads share, or in a file that is read sample by sample.
import { closeSync, rmSync } from 'node:fs';
import { readInto } from '../../files/readWrite';
import { cacheDamaged } from '../errors';

/** Samples of equal length, one byte per value, that every thread of the process can read. */
export type SampleStorage = MemorySamples | FileSamples;

/** All samples, one after the other. */
export interface MemorySamples {
  /** In shared memory. */
  readonly bytes: Uint8Array;
  /** Bytes per sample. */
  readonly length: number;
}

/** A sequence of samples in an open file. */
export interface FileSamples {
  readonly file: string;
  readonly fd: number;
  /** Position of slot 0. */
  readonly start: number;
  readonly length: number;
  /** The checksum of every sample. */
  readonly checksums: Uint32Array;
}

/** Returns the bytes of a slot, which are valid until the next call. */
export type SampleReader = (slot: number) => Uint8Array;

/** Called with the slots that will be read next, to bring them into memory in the meantime. */
export type ReadAhead = (slots: Uint32Array) => void;

/** Bytes in memory that threads share. */
export const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

/**
 * Samples of a file are read when they are needed; the system's page cache, which `ReadAhead` fills, makes this fast. A
 * damaged sample throws DataError and deletes the file, so that the next start creates it again.
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

/** Closes the file, if there is one, for all threads. */
export function closeStorage(samples: SampleStorage): void {
  if ('fd' in samples) closeSync(samples.fd);
}

/** Reads a sample into `out`; false if it is damaged. */
export function readSample({ fd, start, length, checksums }: FileSamples, slot: number, out: Uint8Array): boolean {
  return readInto(fd, out, start + slot * length) === length && checksum(out) === checksums[slot];
}

/**
 * A 32-bit hash of words, h ← (h ⊕ w) · 0x9e3779b1. Each step is a bijection of h, so a change of a single word always
 * changes it, and other changes almost always.
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
