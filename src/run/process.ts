// Tells whether a process still exists, and is the same one: numbers of processes are used again.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import type { ProcessIdentity } from '../protocol/status';
import { errno } from '../files/errno';

/** This process, as others will look for it. */
export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  host: os.hostname(),
  processStart: processStart(process.pid),
});

/** Whether the process exists; null where it belongs to another machine, whose processes cannot be seen from here. */
export function processExists({ pid, host, processStart: start }: ProcessIdentity): boolean | null {
  if (host !== os.hostname()) return null;
  if (!isRunning(pid)) return false;
  const now = processStart(pid);
  return start === null || now === null || now === start;
}

/** When a process started, to be compared only; null where the platform does not tell, or there is no such process. */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'darwin') return darwinStart(pid);
  return null;
}

function isRunning(pid: number): boolean {
  // A process that has ended and was not waited for still has its number, but does nothing any more.
  if (process.platform === 'linux' && /^[ZX]/.test(linuxStat(pid)?.[0] ?? '')) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errno(error) === 'EPERM';
  }
}

/** Fields of /proc/PID/stat from the third, the state, on; the second is a name in brackets that may hold anything. */
function linuxStat(pid: number): string[] | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Field 22 counts clock ticks since the machine started, so the boot's id goes with it. */
function linuxStart(pid: number): string | null {
  const ticks = linuxStat(pid)?.[19];
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')?.trim();
  return ticks === undefined ? null : `${boot ?? ''}:${ticks}`;
}

function darwinStart(pid: number): string | null {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env, encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
