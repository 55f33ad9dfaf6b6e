// Errors of downloads: where, what is wrong, and what to do.
import { diskReason } from '../files/diskReason';
import { formatBytes } from '../shared/text';
import { UserError } from '../shared/userError';

export type DownloadErrorCode = 'refused' | 'broken' | 'wrong-content' | 'disk' | 'bad-archive';

export class DownloadError extends UserError<DownloadErrorCode> {
  constructor(
    code: DownloadErrorCode,
    message: string,
    options?: ErrorOptions,
    /** The message without advice, for a retry. */
    readonly summary = message,
  ) {
    super(code, message, options);
  }
}

export const isDownloadError = (error: unknown): error is DownloadError => error instanceof DownloadError;

export const refused = (url: string, status: number, text: string) =>
  new DownloadError(
    'refused',
    `${url} responded with ${status}${text && ` (${text})`}. Check that the address is still valid.`,
  );

/** The connection failed or broke off; the bytes received so far stay on the disk. */
export function broken(url: string, reason: string, received: number): DownloadError {
  const summary = `${url} could not be downloaded: ${reason}.`;
  const advice =
    received > 0
      ? 'The part received so far is kept. Run the same command again to continue.'
      : 'Check the connection and run the same command again.';
  return new DownloadError('broken', `${summary} ${advice}`, {}, summary);
}

export const wrongSize = (url: string, found: number, expected: number) =>
  new DownloadError(
    'wrong-content',
    `${url} has ${found} bytes instead of the published ${expected}. ` +
      'The file was changed, or the network replaced it. Nothing was kept.',
  );

export const wrongChecksum = (url: string, algorithm: string, found: string, expected: string) =>
  new DownloadError(
    'wrong-content',
    `${url} has the ${algorithm} checksum ${found} instead of the published ${expected}. ` +
      'The file was changed or damaged in transit. Nothing was kept.',
  );

/** A file that cannot be verified is not downloaded. */
export const noChecksum = (url: string) =>
  new DownloadError(
    'wrong-content',
    `The server publishes no size and checksum of ${url}, so the file cannot be verified. Nothing was downloaded.`,
  );

export const diskFailed = (file: string, cause: NodeJS.ErrnoException, missing: number) =>
  new DownloadError(
    'disk',
    cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
      ? `The disk is full: ${file} needs ${formatBytes(missing)} more. ` +
        `Free some space and run the same command again to continue, or delete ${file}.`
      : `${file} cannot be written: ${cause.code === 'ENOENT' ? cause.message : diskReason(cause)}. Choose another folder, or check its owner and permissions.`,
    { cause },
  );

export const badArchive = (archive: string, problem: string) =>
  new DownloadError('bad-archive', `The archive ${archive} cannot be unpacked: ${problem}. Nothing was unpacked.`);

export const noSpace = (folder: string, needed: number, free: number) =>
  new DownloadError(
    'disk',
    `${folder} needs ${formatBytes(needed)} of free space while installing, but has ${formatBytes(free)}. ` +
      'Free some space, or choose a folder on another disk with --dir. Nothing was downloaded.',
  );

export const pipMissing = () =>
  new DownloadError(
    'refused',
    'The download needs Python 3 with pip, and "python3 -m pip" does not work here. ' +
      'Install it (on Debian and Ubuntu: apt install python3-pip) and run the same command again.',
  );

/** The connection failed, or the index does not have the wheel. */
export function pipFailed(file: string, reason: string, code: 'broken' | 'refused'): DownloadError {
  const summary = `pip could not download ${file}: ${reason}.`;
  const advice =
    'Check the connection, and the proxy and index of pip ("pip config list", HTTPS_PROXY). ' +
    'Run the same command again to continue; complete packages are kept.';
  return new DownloadError(code, `${summary} ${advice}`, {}, summary);
}

export const wrongWheel = (file: string, found: string, expected: string) =>
  new DownloadError(
    'wrong-content',
    `${file} has the SHA-256 checksum ${found} instead of ${expected}. ` +
      'The file was changed or damaged in transit. Nothing of it was kept.',
  );
