// The state of a trial, which is that of its run: a sweep keeps none of its own.
import type { RunStatus } from '../protocol/status';
import { hasEnded } from '../protocol/status';
import { readJson, makeFolder, replaceFile, onDisk } from '../run/diskAccess';
import { removeFile } from '../files/folder';
import { isRecord } from '../shared/isRecord';
import { isEarlierStart } from '../run/runLock';
import { inspectStatus, liveness, silenceSeconds } from '../run/status';
import path from 'node:path';
import { sweepPaths } from './sweepDirectory';

/**
 * `waiting`: not begun. `running`: a process works on it. `exited`: its process exited without an end, or has been
 * silent for long on another machine; the trial resumes from its checkpoint.
 */
export const trialStates = [
  'waiting',
  'running',
  'interrupted',
  'exited',
  'stopped',
  'finished',
  'diverged',
  'failed',
] as const;

export type TrialState = (typeof trialStates)[number];

/** States that a sweep does not leave by itself. */
export const isResult = (state: TrialState): boolean => ['finished', 'diverged', 'stopped', 'failed'].includes(state);

export interface TrialStatus {
  readonly state: TrialState;
  readonly status: RunStatus | null;
  /** Why it ended, as a sentence. */
  readonly message: string | null;
}

/** The state of a trial, as of now. */
export function stateOf(directory: string, trial: number): TrialStatus {
  const paths = sweepPaths(directory);
  const { status, problem } = inspectStatus(paths.run(trial));
  if (problem !== null) return { state: 'exited', status: null, message: problem };
  if (status === null) {
    const message = readFailure(directory, trial);
    return { state: message === null ? 'waiting' : 'failed', status: null, message };
  }
  return { state: stateOfRun(paths.run(trial), status), status, message: status.message };
}

function stateOfRun(run: string, status: RunStatus): TrialState {
  if (hasEnded(status.state)) return status.state;
  const live = liveness(status);
  if (live === 'dead') return 'exited';
  if (live !== 'elsewhere') return 'running';
  if (isEarlierStart(run, status.attempt)) return 'exited';
  return Date.now() / 1000 - status.updatedAt > silenceSeconds(status) ? 'exited' : 'running';
}

/** Records why a trial failed before it had a run. */
export function writeFailure(directory: string, trial: number, message: string): void {
  const file = sweepPaths(directory).failure(trial);
  makeFolder(path.dirname(file));
  replaceFile(file, `${JSON.stringify({ message, at: new Date().toISOString() })}\n`);
}

/** Removes what `writeFailure` has written. */
export function clearFailure(directory: string, trial: number): void {
  const file = sweepPaths(directory).failure(trial);
  onDisk('remove', file, () => removeFile(file));
}

function readFailure(directory: string, trial: number): string | null {
  const found = readJson(sweepPaths(directory).failure(trial), 1 << 20, 'remove it');
  if (found === undefined) return null;
  return isRecord(found) && typeof found.message === 'string' ? found.message : 'it failed before its first step';
}
