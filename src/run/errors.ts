// User errors about a run directory: what is wrong, where, and what to do.
import { errno } from '../files/errno';
import { FileKindError } from '../files/ordinaryFile';
import { firstFew } from '../shared/text';
import { isUserError, UserError } from '../shared/userError';

const codes = [
  'disk',
  'not-a-run',
  'exists',
  'damaged',
  'newer',
  'mismatch',
  'changed-data',
  'locked',
  'replaced',
  'not-training',
] as const;

export type RunErrorCode = (typeof codes)[number];

export type RunError = UserError<RunErrorCode>;

/** Whether an error is about a run directory, and not about an experiment or its data. */
export const isRunError = (error: unknown): error is RunError =>
  isUserError(error) && (codes as readonly string[]).includes(error.code);

export const runError = (code: RunErrorCode, message: string, cause?: unknown): RunError =>
  new UserError(code, message, cause === undefined ? undefined : { cause });

/** A file-system error; `action` completes the sentence "Cannot …". */
export function diskError(action: string, path: string, cause: unknown): RunError {
  const code = errno(cause) ?? 'unknown error';
  return runError('disk', `Cannot ${action} ${path}: ${explain(cause, code)}`, cause);
}

/** @param advice what to do; by default for a folder that was given to a command */
export const notARun = (
  directory: string,
  missing: string,
  advice = 'Give the folder of a training run, such as .earthmover/runs/<time>-<name>.',
): RunError => runError('not-a-run', `${directory} is not a run directory: ${missing}. ${advice}`);

/** `difference` is a clause without its subject, "has 3 files instead of 2". */
export const changedData = (directory: string, difference: string): RunError =>
  runError(
    'changed-data',
    `The data of ${directory} changed since the run began: it ${difference}. Restore it, start a new run, or resume on the changed data: ` +
      `earthmover resume ${directory} --use-current-data`,
  );

/** `found` is the file that shows it. */
export const alreadyARun = (directory: string, found: string): RunError =>
  runError(
    'exists',
    `${directory} already contains a run (${found}). Choose another folder for the run, or resume it: earthmover resume ${directory}`,
  );

/** A folder for output already holds `others`. */
export const notEmpty = (directory: string, others: readonly string[]): RunError =>
  runError(
    'exists',
    `${directory} is not empty: it contains ${firstFew([...others].sort(), 3)}, and files could be overwritten. ` +
      'Choose another folder for the run.',
  );

export const damagedFile = (path: string, problem: string, advice: string): RunError =>
  runError('damaged', `${path} is damaged: ${problem}; ${advice}`);

export const newerFile = (path: string, found: unknown, known: number): RunError =>
  runError(
    'newer',
    `${path} has format version ${String(found)}, but this version of Earthmover supports up to version ${known}. Update Earthmover to read it.`,
  );

export const olderFile = (path: string, found: unknown, known: unknown): RunError =>
  runError(
    'mismatch',
    `${path} has format version ${String(found)}, but this version of Earthmover reads only version ${String(known)}. Read it with the version that wrote it, or start a new run.`,
  );

const permission = 'permission denied. Check its owner and permissions, or choose another folder for the run.';

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space, then resume.',
  EDQUOT: 'your disk quota is used up. Free some space, then resume.',
  EFBIG: 'the file is larger than this file system allows. Choose another folder for the run.',
  EACCES: permission,
  EPERM: permission,
  EROFS: 'the file system is read-only. Choose another folder for the run.',
  ENOENT: 'it does not exist. Was the run directory moved or deleted?',
  ENOTDIR: 'part of the path is a file, not a folder. Choose another path.',
  EISDIR: 'it is a folder, not a file. Move it or choose another path.',
  EEXIST: 'a file with that name exists. Move it, or choose another path.',
  ENAMETOOLONG: 'the path is too long. Choose a shorter one.',
  EMFILE: 'too many files are open. Close other programs, or raise the limit (ulimit -n).',
  ELOOP: 'it is a link, or leads through too many of them. Choose another path.',
  EIO: 'the disk reported an error. Check the disk or the network connection to it.',
};

function explain(cause: unknown, code: string): string {
  if (cause instanceof FileKindError) return `${cause.problem}. Move it, or choose another path.`;
  return advice[code] ?? (cause instanceof Error ? `${cause.message}.` : `${code}. Check the disk and the path.`);
}
