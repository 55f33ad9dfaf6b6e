// The lock of a run: who may train it, how long to wait for a process that cannot be seen, and the fence that ends a
// trainer whose run was taken over.
import { lstatSync, utimesSync } from 'node:fs';
import { removeFile } from '../files/folder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStatus } from '../protocol/status';
import { attemptFile, claimAttempt, diskTime, lastAttempt, readAttempt, slurmTask, type Attempt } from './attempts';
import { onDisk } from './diskAccess';
import { runError } from './errors';
import { processExists } from './process';
import { inspectStatus, liveness, silenceSeconds, statusFile } from './status';

/** The lock of this process on a run. */
export interface RunLock {
  readonly attempt: number;
  /**
   * Throws a UserError with the code 'replaced' if a later attempt exists. Without `now`, the disk is asked at most
   * twice per second. Call it before every write: a process that was stopped for a while may have been replaced.
   */
  assertHeld(options?: { readonly now?: boolean }): void;
  /** Shows other machines, before the first status, that this process is at work. Never throws. */
  heartbeat(): void;
  /** Gives the lock back. Call it only if nothing of the run was changed. */
  release(): void;
}

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Receives a sentence about what is waited for. */
  readonly onWait: (message: string) => void;
  readonly clock?: Clock;
}

/** A monotonic clock in milliseconds, and waiting by it. */
interface Clock {
  now(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

/** Locks the run for this process. Throws a UserError if another process has, or may have, the lock. */
export function lockRun(directory: string): RunLock {
  const found = standing(directory);
  if (found.kind === 'locked') throw found.error;
  if (found.kind === 'silent') {
    const { ageSeconds } = lastWrite(directory, found);
    if (ageSeconds < found.seconds) throw locked(directory, `${found.who} wrote to this run ${ago(ageSeconds)}`);
  }
  return take(directory, found.last + 1);
}

/**
 * Locks the run for this process. A process that cannot be seen, because it ran on another machine, is waited for until
 * it has been silent for long enough. Throws a UserError if another process has the lock.
 */
export async function waitForLock(
  directory: string,
  { signal, onWait, clock = processClock }: WaitOptions,
): Promise<RunLock> {
  let heard: { readonly stamp: string; readonly at: number } | undefined;
  let signsOfLife = 0;
  for (;;) {
    const found = standing(directory);
    if (found.kind === 'locked') throw found.error;
    if (found.kind === 'free') return take(directory, found.last + 1);
    const { stamp, ageSeconds } = lastWrite(directory, found);
    if (heard?.stamp !== stamp) {
      // A network disk may show an old time at first: only a process that writes again and again is alive.
      if (++signsOfLife > 3) throw locked(directory, `${found.who} is training this run`);
      // A time in the future says nothing: then the wait starts now.
      heard = { stamp, at: clock.now() - 1000 * Math.max(0, ageSeconds) };
      const left = Math.ceil(found.seconds - Math.max(0, ageSeconds));
      if (left > 0)
        onWait(
          `Waiting up to ${left} s: ${found.who} wrote to this run ${ago(ageSeconds)}. If it writes nothing more, the run is resumed here.`,
        );
    }
    const left = 1000 * found.seconds - (clock.now() - heard.at);
    if (left <= 0) return take(directory, found.last + 1);
    await clock.sleep(Math.min(left, 1000), signal).catch(() => {});
    signal.throwIfAborted();
  }
}

/** Who works on a run: nobody; a process that exists; or one that cannot be seen and counts as dead after `seconds`. */
type Standing = { readonly last: number } & (
  | { readonly kind: 'free' }
  | { readonly kind: 'locked'; readonly error: Error }
  | Silent
);

interface Silent {
  readonly kind: 'silent';
  readonly who: string;
  readonly seconds: number;
  /** The files it writes to. */
  readonly files: readonly string[];
}

function standing(directory: string): Standing {
  const numbered = lastAttempt(directory);
  const { status, problem } = inspectStatus(directory);
  const last = Math.max(numbered, status?.attempt ?? 0);
  const owner = numbered === last ? readAttempt(directory, last) : null;
  if (status !== null && status.attempt === last) return { last, ...standingOf(directory, status, owner) };
  const files = [attemptFile(directory, last), statusFile(directory)];
  const silent = (who: string) => ({ last, kind: 'silent', who, seconds: startSeconds, files }) as const;
  if (last === 0) return problem === null ? { last, kind: 'free' } : silent('an unknown process');
  // The last process has not written a status, or it was lost.
  const exists = owner && processExists(owner);
  if (exists === false || isRestartOf(owner)) return { last, kind: 'free' };
  if (owner === null) return silent('an unknown process');
  if (exists === null) return silent(nameOf(owner));
  const works = problem === null ? 'is starting' : 'is training';
  return { last, kind: 'locked', error: locked(directory, `${nameOf(owner)} ${works} this run`) };
}

function standingOf(
  directory: string,
  status: RunStatus,
  owner: Attempt | null,
): { readonly kind: 'free' } | { readonly kind: 'locked'; readonly error: Error } | Silent {
  const who = nameOf(status);
  switch (liveness(status)) {
    case 'alive':
      return { kind: 'locked', error: locked(directory, `${who} is training this run (at step ${status.step})`) };
    case 'stalled': {
      const why = `${who} is training this run but is stuck at step ${status.step}`;
      return { kind: 'locked', error: locked(directory, why, `Kill process ${status.pid} first.`) };
    }
    case 'elsewhere':
      if (isRestartOf(owner)) return { kind: 'free' };
      return { kind: 'silent', who, seconds: silenceSeconds(status), files: [statusFile(directory)] };
    case 'dead':
    case 'ended':
      return { kind: 'free' };
  }
}

/** Whether the task of an attempt was restarted by Slurm as the task of this process, so that the attempt has ended. */
export const isEarlierStart = (directory: string, attempt: number): boolean =>
  slurmTask(process.env) !== null && isRestartOf(readAttempt(directory, attempt));

/** Whether Slurm has restarted the task of an earlier process as this one, so that the earlier one has ended. */
function isRestartOf(earlier: Attempt | null): boolean {
  const mine = slurmTask(process.env);
  return mine !== null && earlier?.slurm?.job === mine.job && earlier.slurm.restarts < mine.restarts;
}

/** When the files of a silent process were last written, by the clock of the disk. */
function lastWrite(directory: string, { files }: Silent): { readonly stamp: string; readonly ageSeconds: number } {
  const stats = files.flatMap((file) => onDisk('read', file, () => lstatSync(file, { throwIfNoEntry: false })) ?? []);
  const latest = Math.max(...stats.map(({ mtimeMs }) => mtimeMs)) / 1000;
  return {
    stamp: stats.map(({ mtimeMs, ino, size }) => [mtimeMs, ino, size]).join(),
    ageSeconds: diskTime(directory) - latest,
  };
}

function take(directory: string, attempt: number): RunLock {
  const mine = claimAttempt(directory, attempt);
  if (mine === null) throw locked(directory, 'another process has just locked this run');
  let checkedAt = performance.now();
  const assertHeld: RunLock['assertHeld'] = ({ now = false } = {}) => {
    if (!now && performance.now() - checkedAt < fenceEveryMs) return;
    checkedAt = performance.now();
    const last = lastAttempt(directory);
    if (last <= attempt) return;
    const by = readAttempt(directory, last);
    const who = by === null ? 'Another process' : `Process ${by.pid} on ${by.host}`;
    throw runError(
      'replaced',
      `${who} has taken over this run (attempt ${last}), so this process (attempt ${attempt}) ended without saving.`,
    );
  };
  const file = attemptFile(directory, attempt);
  const isMine = (): boolean => readAttempt(directory, attempt)?.token === mine.token;
  return {
    attempt,
    assertHeld,
    heartbeat: () => {
      try {
        const now = new Date(1000 * diskTime(directory));
        if (isMine()) utimesSync(file, now, now);
      } catch {
        // A full disk, or a run that was deleted: the next write to the run reports it.
      }
    },
    release: () => {
      if (isMine()) removeFile(file);
    },
  };
}

const nameOf = ({ pid, host }: { readonly pid: number; readonly host: string }): string => `process ${pid} on ${host}`;

const ago = (seconds: number): string => `${Math.max(0, Math.round(seconds))} s ago`;

const locked = (
  directory: string,
  why: string,
  advice = `Wait until it ends, or stop it: earthmover stop ${directory}`,
): Error => runError('locked', `Cannot train ${directory}: ${why}. ${advice}`);

/** Seconds of silence after which a process that has not written a status, and cannot be seen, counts as dead. */
const startSeconds = 60;
/** Milliseconds between two looks for a later attempt. */
const fenceEveryMs = 500;

const processClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};
