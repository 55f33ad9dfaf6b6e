// Which files this process has open, on Linux.
import fs from 'node:fs';
import { vi } from 'vitest';

/** The paths of the open files whose path contains `part`. */
export const openFiles = (part: string): string[] =>
  fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    const file = pathOf(fd);
    return file.includes(part) ? [file] : [];
  });

/** '' for the descriptor by which the list was read. */
function pathOf(fd: string): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

/** For each rename in `work`, those of its two files that are open: Windows refuses to replace an open file. */
export function openWhenRenamed(work: () => void): string[][] {
  const open: string[][] = [];
  const { renameSync } = fs;
  const spy = vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    open.push([from, to].flatMap((file) => openFiles(String(file))));
    renameSync(from, to);
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return open;
}
