// The state of a trial, which is that of its run: a sweep keeps none of its own.
import { hasEnded, type Liveness, type RunStatus } from '../protocol/status';
import type { TrialState } from '../protocol/sweep';
import { readJson, readJsonAsync, makeFolder, replaceFile, onDisk } from '../run/diskAccess';
import { removeFile } from '../files/folder';
import { isRecord } from '../shared/isRecord';
import { isEarlierStart } from '../run/runLock';
import { findLiveness, inspectStatus, liveness, silenceSeconds } from '../run/status';
import path from 'node:path';
import { isCanceled, sweepPaths } from './sweepDirectory';

export { isResult, trialStates, type TrialState } from '../protocol/sweep';

/** How states are named. */
export const stateTexts: Readonly<Record<TrialState, string>> = {
  waiting: 'waiting',
  canceled: 'canceled',
  running: 'running',
  interrupted: 'interrupted',
  exited: 'exited unexpectedly',
  stopped: 'stopped',
  finished: 'finished',
  diverged: 'diverged',
  failed: 'failed',
};

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
    if (message !== null) return { state: 'failed', status: null, message };
    return { state: isCanceled(directory, trial) ? 'canceled' : 'waiting', status: null, message: null };
  }
  return { state: stateOfRun(paths.run(trial), status), status, message: status.message };
}

function stateOfRun(run: string, status: RunStatus): TrialState {
  const live = liveness(status);
  if (live === 'elsewhere' && isEarlierStart(run, status.attempt)) return 'exited';
  return stateOfLive(status, live);
}

/** The state of the trial whose run has this status, without blocking: for the extension host. */
export const findTrialState = async (status: RunStatus): Promise<TrialState> =>
  stateOfLive(status, await findLiveness(status));

function stateOfLive(status: RunStatus, live: Liveness): TrialState {
  if (hasEnded(status.state)) return status.state;
  if (live === 'dead') return 'exited';
  if (live !== 'elsewhere') return 'running';
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

const readFailure = (directory: string, trial: number): string | null =>
  failureIn(readJson(sweepPaths(directory).failure(trial), 1 << 20, 'remove it'));

/** Why a trial failed before it had a run, in its file in failures/; null if it has none. Does not block. */
export const readFailureAsync = async (file: string): Promise<string | null> =>
  failureIn(await readJsonAsync(file, 1 << 20, 'remove it'));

function failureIn(found: unknown): string | null {
  if (found === undefined) return null;
  return isRecord(found) && typeof found.message === 'string' ? found.message : 'it failed before its first step';
}
