// Gets a data set: its files with their checksums, unpacked where they are archives.
import { existsSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Dataset } from '../catalog';
import { fetchFile } from '../download/fetchFile';
import { unpackTar } from '../download/unpackTar';
import { type Output } from './output';
import { formatBytes } from '../shared/text';
import { createDownloadProgress } from './progress';

export interface DownloadOptions {
  readonly folder: string;
  readonly out: Output;
  readonly signal: AbortSignal;
  /** What every JSON object says of the data set; undefined for text. */
  readonly json?: Readonly<Record<string, string>>;
  /** Told why something is tried again. */
  readonly log: (text: string) => void;
}

/** Throws DownloadError; what came until then stays for the next time. */
export async function downloadDataset(
  dataset: Dataset,
  { folder, out, signal, json, log }: DownloadOptions,
): Promise<void> {
  const { files, unpack: inner } = dataset;
  if (inner && isDownloaded(dataset, folder)) return log('  It was there already.');
  for (const remote of files) {
    const name = nameOf(remote.url);
    const line = createDownloadProgress(out, name, json);
    const onRetry = (reason: string) => log(`${reason} It is tried again.`);
    try {
      const came = await fetchFile(remote, path.join(folder, name), { signal, onProgress: line.progress, onRetry });
      line.end(came === 'present' ? 'was there already' : `${formatBytes(remote.size)}, checksum right`);
    } catch (error) {
      line.end();
      throw error;
    }
  }
  if (inner) await unpackAll(files, inner, folder, signal);
}

/** Whether all files are there, by their sizes; where they were unpacked, by what was written last. */
export function isDownloaded({ files, unpack: inner }: Pick<Dataset, 'files' | 'unpack'>, folder: string): boolean {
  if (inner) return [complete, ...Object.values(inner)].every((name) => existsSync(path.join(folder, name)));
  return files.every(
    ({ url, size }) => statSync(path.join(folder, nameOf(url)), { throwIfNoEntry: false })?.size === size,
  );
}

/** Written when a data set was unpacked, last: its archive is not kept. */
const complete = 'complete';

const nameOf = (url: string): string => path.posix.basename(new URL(url).pathname);

/** No file of a data set is larger than four times its archive. */
async function unpackAll(
  files: Dataset['files'],
  inner: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
) {
  for (const { url, size } of files) {
    const archive = path.join(folder, nameOf(url));
    await unpackTar(archive, folder, { files: inner, mostBytes: 4 * size, signal });
    await writeFile(path.join(folder, complete), `${url}\n`);
    await rm(archive);
  }
}
