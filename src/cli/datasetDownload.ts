// Downloads a data set: verifies the checksums of its files and unpacks archives.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Dataset } from '../catalog';
import { completeMarker, downloadedName, missingFile } from '../data/downloadedFiles';
import { fetchFile } from '../download/fetchFile';
import { unpackTar } from '../download/unpackTar';
import { replaceFile } from '../files/replace';
import { type Output } from './output';
import { formatBytes } from '../shared/text';
import { createDownloadProgress } from './progress';

export interface DownloadOptions {
  readonly folder: string;
  readonly out: Output;
  readonly signal: AbortSignal;
  /** Properties of each JSON object in addition to the progress; undefined for text. */
  readonly json?: Readonly<Record<string, string>>;
  /** Prints a line, for example why a download is retried. */
  readonly log: (text: string) => void;
}

/** Throws DownloadError; files that are already complete, and parts of files, stay for the next time. */
export async function downloadDataset(
  dataset: Dataset,
  { folder, out, signal, json, log }: DownloadOptions,
): Promise<void> {
  const { files, unpack: inner } = dataset;
  if (inner && isDownloaded(dataset, folder)) return log('  Already downloaded.');
  for (const remote of files) {
    const name = downloadedName(remote.url);
    const line = createDownloadProgress(out, name, json);
    const onRetry = (reason: string) => log(`${reason} Retrying.`);
    try {
      const result = await fetchFile(remote, path.join(folder, name), { signal, onProgress: line.progress, onRetry });
      line.end(result === 'present' ? 'already downloaded' : `${formatBytes(remote.size)}, checksum verified`);
    } catch (error) {
      line.end();
      throw error;
    }
  }
  if (inner) await unpackAll(files, inner, folder, signal);
}

/** Whether all files exist with their sizes; for an unpacked archive, whether the marker file exists. */
export const isDownloaded = (dataset: Pick<Dataset, 'files' | 'unpack'>, folder: string): boolean =>
  missingFile(dataset, folder) === undefined;

/** Limits the unpacked size to four times the archive, which is enough for all data sets. */
async function unpackAll(
  files: Dataset['files'],
  inner: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
) {
  for (const { url, size } of files) {
    const archive = path.join(folder, downloadedName(url));
    await unpackTar(archive, folder, { files: inner, maxBytes: 4 * size, signal });
    replaceFile(path.join(folder, completeMarker), `${url}\n`);
    await rm(archive);
  }
}
