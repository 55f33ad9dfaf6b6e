// Reads samples of a file for nothing but having the system keep them in memory; runs in a worker thread.
import { closeSync, openSync, readSync } from 'node:fs';

export interface ReadAheadRequest {
  readonly file: string;
  /** Where slot 0 begins. */
  readonly start: number;
  readonly length: number;
  readonly slots: Uint32Array;
}

export function readAhead({ file, start, length, slots }: ReadAheadRequest): void {
  const fd = openSync(file, 'r');
  try {
    const buffer = new Uint8Array(length);
    for (const slot of slots.sort()) readSync(fd, buffer, 0, length, start + slot * length);
  } finally {
    closeSync(fd);
  }
}
