// attempts/: the lock of a run. Each trainer creates the next numbered file, which only one of two processes can.
import fs from 'node:fs';
import type { ProcessIdentity } from '../protocol/status';
import { errno } from '../files/errno';
import { runError } from './errors';
import { inside, onDisk, readJson } from './diskAccess';
import { processExists, thisProcess } from './process';
import { liveness, readStatus, stallSeconds } from './status';

/**
 * Locks the run in `directory` for this process and returns its attempt number. Throws a UserError if another process
 * has the lock.
 */
export function acquireLock(directory: string, now = Date.now() / 1000): number {
  const attempts = inside(directory, 'attempts');
  onDisk('create', attempts, () => fs.mkdirSync(attempts, { recursive: true }));
  const last = lastAttempt(attempts);
  const refusal = lockedBy(directory, last, now);
  if (refusal !== null) throw refusal;
  const mine = inside(attempts, `${last + 1}.json`);
  try {
    // Linking a complete file is atomic, and only one of two links succeeds.
    const temporary = inside(attempts, `${process.pid}.tmp`);
    fs.writeFileSync(temporary, JSON.stringify(thisProcess()));
    try {
      fs.linkSync(temporary, mine);
    } catch (error) {
      if (errno(error) === 'EEXIST') throw error;
      // Some file systems have no links: after an exclusive copy the file is empty for a moment.
      fs.copyFileSync(temporary, mine, fs.constants.COPYFILE_EXCL);
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  } catch (error) {
    if (errno(error) === 'EEXIST') throw locked(directory, 'another process has just locked this run');
    onDisk('write', mine, () => {
      throw error;
    });
  }
  return last + 1;
}

function lastAttempt(attempts: string): number {
  const names = onDisk('list', attempts, () => fs.readdirSync(attempts));
  return names.reduce((last, name) => Math.max(last, Number(/^(\d{1,9})\.json$/.exec(name)?.[1] ?? 0)), 0);
}

/** The error to throw if another trainer may still be working on the run; null if the run is free. */
function lockedBy(directory: string, last: number, now: number): Error | null {
  const status = readStatus(directory);
  if (status !== null && status.attempt >= last) {
    const state = liveness(status, now);
    const where = `process ${status.pid} on ${status.host}`;
    if (state === 'alive') return locked(directory, `${where} is training this run (at step ${status.step})`);
    if (state === 'stalled') {
      return locked(
        directory,
        `${where} is training this run but is stuck at step ${status.step}`,
        `Kill process ${status.pid} first.`,
      );
    }
    if (state === 'elsewhere' && now - status.updatedAt < stallSeconds(status) + skewSeconds) {
      return locked(directory, `${where} wrote to this run ${Math.max(0, Math.round(now - status.updatedAt))} s ago`);
    }
    return null;
  }
  // The last trainer has not written a status: it is starting, or exited while starting.
  if (last === 0) return null;
  const file = inside(directory, 'attempts', `${last}.json`);
  const owner = readOwner(file);
  const age = now - fs.statSync(file).mtimeMs / 1000;
  // A file without an owner is being written, or its writer exited while writing. A process on another machine cannot
  // be checked.
  const free = owner === null || processExists(owner) === null ? age > startSeconds : processExists(owner) === false;
  return free
    ? null
    : locked(
        directory,
        `${owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`} is starting this run`,
      );
}

const locked = (
  directory: string,
  why: string,
  advice = `Wait until it ends, or stop it: earthmover stop ${directory}`,
): Error => runError('locked', `Cannot train ${directory}: ${why}. ${advice}`);

/** How long a trainer on another machine may take from locking the run to its first status. */
const startSeconds = 60;

/** Allowed clock difference between machines that share a disk. */
const skewSeconds = 30;

function readOwner(file: string): ProcessIdentity | null {
  try {
    const { pid, host, processStart } = readJson(file, 4096, 'delete it') as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof host !== 'string') return null;
    return { pid: pid as number, host, processStart: typeof processStart === 'string' ? processStart : null };
  } catch {
    return null;
  }
}
