// Whether a data set was downloaded completely.
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../catalog';

/** Written last when an archive was unpacked, since the archive is not kept. */
export const completeMarker = 'complete';

export const downloadedName = (url: string): string => path.posix.basename(new URL(url).pathname);

/**
 * The first file that is missing or of the wrong size, as a clause; undefined if none is. Files are only renamed to
 * their names after their checksum was verified.
 */
export function missingFile({ files, unpack }: Pick<Dataset, 'files' | 'unpack'>, folder: string): string | undefined {
  const sizeOf = (name: string) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
  if (unpack) {
    const absent = [...Object.values(unpack), completeMarker].find((name) => !sizeOf(name));
    return absent === undefined ? undefined : `${path.join(folder, absent)} is missing`;
  }
  for (const { url, size } of files) {
    const name = downloadedName(url);
    const found = sizeOf(name);
    if (found === size) continue;
    const file = path.join(folder, name);
    return found === undefined ? `${file} is missing` : `${file} has ${found} of ${size} bytes`;
  }
  return undefined;
}
