// Keeps the cache folder from growing for ever: what nobody used for a month goes, and what a dead process left behind.
import { readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const month = 30 * 24 * 3600 * 1000;

/** Touches files of samples only, and says nothing of what cannot be removed: it was there before. */
export function evictCache(folder: string, now: number = Date.now()): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const aside = /^[0-9a-f]{32}\.samples\.(.+)\.(\d+)\.tmp$/.exec(name);
    if (!aside && !/^[0-9a-f]{32}\.samples$/.test(name)) continue;
    try {
      const old = now - statSync(file).mtimeMs > month;
      const orphan = aside !== null && aside[1] === os.hostname() && !lives(Number(aside[2]));
      if (old || orphan) rmSync(file, { force: true });
    } catch {
      // Another process was faster.
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
