// submissions/: what was handed to Slurm. Each submission is a job array with fixed trials for each of its tasks.
import { createHash } from 'node:crypto';
import { removeFile } from '../files/folder';
import { createFile } from '../files/replace';
import type { ProcessIdentity } from '../protocol/status';
import { slug } from '../run/directory';
import { folderInside, inside, listFolder, makeFolder, onDisk, readJson, replaceFile } from '../run/diskAccess';
import { thisProcess } from '../run/process';
import { isRecord } from '../shared/isRecord';
import { damagedSubmission } from './errors';

export interface Submission {
  readonly number: number;
  /** Name of the job: that of the sweep, a hash of its directory, and the number. */
  readonly name: string;
  /** For each index of the array the trials that the task trains one after another. */
  readonly tasks: readonly (readonly number[])[];
  /** Whether trials that have diverged are resumed. */
  readonly diverged: boolean;
  /** Id of the array; null until sbatch has answered. */
  readonly job: string | null;
  /** Of several clusters, the one that has the job. */
  readonly cluster: string | null;
  /** When it was created, in Unix milliseconds. */
  readonly at: number;
  /** The process that submits it; null if it is not known. */
  readonly submitter: ProcessIdentity | null;
}

const submissionsFolder = (directory: string): string => folderInside(directory, 'submissions');

const submissionFile = (directory: string, number: number): string =>
  inside(submissionsFolder(directory), `${number}.json`);

type Named = { readonly directory: string; readonly name: string };

/** The name of a submission: Slurm's queue is asked for it. */
export function submissionName({ directory, name }: Named, number: number | 'prepare'): string {
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 6);
  return `${slug(name)}-${hash}.${number}`;
}

/** Records what is about to be submitted. Returns null if another process has just submitted something. */
export function createSubmission(
  sweep: Named,
  number: number,
  tasks: Submission['tasks'],
  diverged = false,
): Submission | null {
  const { directory } = sweep;
  makeFolder(submissionsFolder(directory));
  const name = submissionName(sweep, number);
  const unanswered = { job: null, cluster: null, at: Date.now(), submitter: thisProcess() };
  const submission: Submission = { number, name, tasks, diverged, ...unanswered };
  const file = submissionFile(directory, number);
  return onDisk('write', file, () => createFile(file, textOf(submission))) ? submission : null;
}

/** Records the answer of sbatch. */
export const recordJob = (directory: string, submission: Submission, answer: SbatchAnswer): void =>
  replaceFile(submissionFile(directory, submission.number), textOf({ ...submission, ...answer }), { sync: true });

/**
 * Takes its trials from a submission that has no job. If Slurm accepts it after all, its tasks find nothing to train;
 * its number is not used again.
 */
export const withdrawSubmission = (directory: string, submission: Submission): void =>
  replaceFile(submissionFile(directory, submission.number), textOf({ ...submission, tasks: [] }), { sync: true });

/** Removes a submission that Slurm has rejected. */
export function removeSubmission(directory: string, { number }: Submission): void {
  const file = submissionFile(directory, number);
  onDisk('remove', file, () => removeFile(file));
}

/** All submissions of a sweep, the oldest first. */
export const readSubmissions = (directory: string): Submission[] =>
  listFolder(submissionsFolder(directory))
    .flatMap((name) => /^([1-9]\d{0,8})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((number) => readSubmission(directory, number) ?? []);

/** A submission; null if there is none. */
export function readSubmission(directory: string, number: number): Submission | null {
  const file = submissionFile(directory, number);
  const found = readJson(file, 1 << 24, 'delete it and resume the sweep');
  if (found === undefined) return null;
  if (!isSubmission(found)) throw damagedSubmission(file);
  return {
    ...found,
    number,
    diverged: found.diverged === true,
    submitter: isProcess(found.submitter) ? found.submitter : null,
  };
}

const textOf = (submission: Submission): string => `${JSON.stringify(submission)}\n`;

const isTasks = (value: unknown): boolean =>
  Array.isArray(value) && value.every((task) => Array.isArray(task) && task.every(Number.isSafeInteger));

/** The names go to programs of Slurm as arguments. */
const isSubmission = (value: unknown): value is Submission =>
  isRecord(value) &&
  typeof value.name === 'string' &&
  /^[\w.-]+$/.test(value.name) &&
  isTasks(value.tasks) &&
  (value.job === null || isWord(value.job)) &&
  (value.cluster === null || isWord(value.cluster)) &&
  typeof value.at === 'number';

const isProcess = (value: unknown): value is ProcessIdentity =>
  isRecord(value) &&
  Number.isSafeInteger(value.pid) &&
  (value.pid as number) > 0 &&
  typeof value.host === 'string' &&
  (value.processStart === null || typeof value.processStart === 'string');

const isWord = (value: unknown): boolean => typeof value === 'string' && /^[\w-]+$/.test(value);

export interface SbatchAnswer {
  readonly job: string;
  readonly cluster: string | null;
}

/** The id in the output of `sbatch --parsable`: `123` or `123;cluster`, after whatever wrappers print. */
export function parseSbatch(stdout: string): SbatchAnswer | null {
  const lines = stdout.split('\n').map((line) => line.trim());
  const found = lines.findLast((line) => /^\d+(;[\w-]+)?$/.test(line));
  if (found === undefined) return null;
  const [job, cluster = null] = found.split(';');
  return { job, cluster };
}
