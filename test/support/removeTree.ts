// Removes a folder while a process adds files to it.
import { rmSync } from 'node:fs';
import { errno } from '../../src/files/errno';

/** Tries again where rmSync finds a folder not empty that it has just emptied. */
export function removeTree(folder: string): void {
  for (let tries = 1; ; tries++) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (errno(error) !== 'ENOTEMPTY' || tries === 1000) throw error;
    }
  }
}
