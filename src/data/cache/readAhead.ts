// Reads samples of a file into the system's page cache; runs in a worker thread.
import { closeSync, readSync } from 'node:fs';
import { openOrdinary } from '../../files/ordinaryFile';

export interface ReadAheadRequest {
  readonly file: string;
  /** Position of slot 0. */
  readonly start: number;
  /** Bytes per sample. */
  readonly length: number;
  readonly slots: Uint32Array;
}

export function readAhead({ file, start, length, slots }: ReadAheadRequest): void {
  const fd = openOrdinary(file);
  try {
    const buffer = new Uint8Array(length);
    for (const slot of slots.sort()) readSync(fd, buffer, 0, length, start + slot * length);
  } finally {
    closeSync(fd);
  }
}
