// What can go wrong with a download: factories of errors that say what, the value and what to do.

/** An error to be shown as its message, without a stack. */
export interface DownloadError extends Error {
  readonly name: 'DownloadError';
  readonly code: DownloadErrorCode;
}

export type DownloadErrorCode = 'refused' | 'broken' | 'wrong-content' | 'disk' | 'bad-archive';

export const isDownloadError = (error: unknown): error is DownloadError =>
  error instanceof Error && error.name === 'DownloadError';

export const refused = (url: string, status: number, text: string) =>
  failure('refused', `${url} answered ${status}${text && ` (${text})`}. Look whether the address still exists.`);

/** The connection failed or broke off; what was received stays for the next try. */
export const broken = (url: string, reason: string, received: number) =>
  failure(
    'broken',
    `${url} could not be fetched: ${reason}. ${
      received > 0
        ? 'What was received is kept: the same command goes on from there.'
        : 'Check the connection and give the same command again.'
    }`,
  );

export const wrongSize = (url: string, found: number, expected: number) =>
  failure(
    'wrong-content',
    `${url} has ${found} bytes; ${expected} were published. The file was changed or the network put something in its place; nothing was kept.`,
  );

export const wrongChecksum = (url: string, algorithm: string, found: string, expected: string) =>
  failure(
    'wrong-content',
    `${url} has the ${algorithm} ${found}; ${expected} was published. The file was changed or damaged on the way; nothing was kept.`,
  );

export const diskFailed = (file: string, cause: NodeJS.ErrnoException, missing: number) =>
  failure(
    'disk',
    cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
      ? `The disk is full: ${file} needs ${Math.ceil(missing / 2 ** 20)} MiB more. Free some space and give the same command again; it goes on from there. Or remove ${file}.`
      : `${file} cannot be written: ${cause.message}. Check who may write there.`,
    cause,
  );

export const badArchive = (archive: string, problem: string) =>
  failure('bad-archive', `The archive ${archive} cannot be unpacked: ${problem}. Nothing of it was kept.`);

function failure(code: DownloadErrorCode, message: string, cause?: unknown): DownloadError {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), {
    name: 'DownloadError' as const,
    code,
  });
}

/** What cannot be checked is not kept. */
export const unchecked = (url: string) =>
  failure(
    'wrong-content',
    `${url} comes without a size and checksum, so that it could not be checked. Nothing was downloaded.`,
  );
