// Whether the nodes of a cluster can see a folder.
import fs from 'node:fs';

/** Types of file systems that only this machine can see, by the number that Linux gives them. */
const localDisks: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs, the memory of this machine'],
  [0x858458f6, 'ramfs, the memory of this machine'],
  [0x794c7630, 'overlay, the disk of a container'],
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
]);

/** The kind of the local disk that a folder is on; null if it may be shared. */
export function localDisk(folder: string): string | null {
  try {
    return localDisks.get(fs.statfsSync(folder).type) ?? null;
  } catch {
    return null;
  }
}
