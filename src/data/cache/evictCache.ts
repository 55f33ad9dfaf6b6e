// Limits the cache folder: deletes sample files that were unused for a month, and temporary files of dead processes.
import { readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isProcessRunning } from '../../files/isProcessRunning';

const month = 30 * 24 * 3600 * 1000;

/** Touches only files of samples, and ignores those that cannot be deleted. */
export function evictCache(folder: string, now: number = Date.now()): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const temporary = /^[0-9a-f]{32}\.samples\.(.+)\.(\d+)\.tmp$/.exec(name);
    if (!temporary && !/^[0-9a-f]{32}\.samples$/.test(name)) continue;
    try {
      const old = now - statSync(file).mtimeMs > month;
      const orphan = temporary !== null && temporary[1] === os.hostname() && !isProcessRunning(Number(temporary[2]));
      if (old || orphan) rmSync(file, { force: true });
    } catch {
      // Another process deleted it first.
    }
  }
}
