// attempts/: which process owns a run. Each trainer makes the next numbered file, which only one of two can.
import fs from 'node:fs';
import type { ProcessIdentity } from '../protocol/status';
import { errno } from '../files/errno';
import { runError } from './errors';
import { inside, onDisk, readJson } from './files';
import { processExists, thisProcess } from './process';
import { liveness, readStatus, stallSeconds } from './status';

/** Takes the run in `directory` for this process and returns the number of its attempt. Throws a RunError where another one has it. */
export function acquireLock(directory: string, now = Date.now() / 1000): number {
  const attempts = inside(directory, 'attempts');
  onDisk('create', attempts, () => fs.mkdirSync(attempts, { recursive: true }));
  const last = lastAttempt(attempts);
  const owner = findOwner(directory, last, now);
  if (owner !== null) throw owner;
  const mine = inside(attempts, `${last + 1}.json`);
  try {
    // Written aside and linked, the file is there with its content or not at all, and only one of two links succeeds.
    const aside = inside(attempts, `${process.pid}.tmp`);
    fs.writeFileSync(aside, JSON.stringify(thisProcess()));
    try {
      fs.linkSync(aside, mine);
    } catch (error) {
      if (errno(error) === 'EEXIST') throw error;
      // Some file systems have no links: an exclusive copy leaves a moment in which the file is empty.
      fs.copyFileSync(aside, mine, fs.constants.COPYFILE_EXCL);
    } finally {
      fs.rmSync(aside, { force: true });
    }
  } catch (error) {
    if (errno(error) === 'EEXIST') throw taken(directory, 'another trainer took this run a moment ago');
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

/** The refusal, where a trainer may still be at work; null where the run is free. */
function findOwner(directory: string, last: number, now: number): Error | null {
  const status = readStatus(directory);
  if (status !== null && status.attempt >= last) {
    const state = liveness(status, now);
    const where = `process ${status.pid} on ${status.host}`;
    if (state === 'alive') return taken(directory, `${where} is training this run (it is at step ${status.step})`);
    if (state === 'stalled') {
      return taken(
        directory,
        `${where} has this run and is stuck at step ${status.step}`,
        `End process ${status.pid} first.`,
      );
    }
    if (state === 'elsewhere' && now - status.updatedAt < stallSeconds(status) + skewSeconds) {
      return taken(directory, `${where} wrote to this run ${Math.max(0, Math.round(now - status.updatedAt))} s ago`);
    }
    return null;
  }
  // The last trainer has not written a status: it is just starting, or died doing so.
  if (last === 0) return null;
  const file = inside(directory, 'attempts', `${last}.json`);
  const owner = readOwner(file);
  const age = now - fs.statSync(file).mtimeMs / 1000;
  // A file without an owner is being written, or was when its writer died. Another machine's start cannot be seen.
  const free = owner === null || processExists(owner) === null ? age > startSeconds : processExists(owner) === false;
  return free
    ? null
    : taken(
        directory,
        `${owner === null ? 'another trainer' : `process ${owner.pid} on ${owner.host}`} is just starting this run`,
      );
}

const taken = (
  directory: string,
  why: string,
  toDo = `Wait for it, or end it first: earthmover stop ${directory}`,
): Error => runError('taken', `Cannot train ${directory}: ${why}. ${toDo}`);

/** How long a trainer on another machine may take from its claim to its first status. */
const startSeconds = 60;

/** Clocks of two machines that share a disk differ. */
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
