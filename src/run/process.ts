// Whether a process still exists and is the same one: process ids are reused.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import type { ProcessIdentity } from '../protocol/status';
import { errno } from '../files/errno';

/** This process, as other processes will identify it. */
export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  host: os.hostname(),
  processStart: processStart(process.pid),
});

/** Whether the process exists; null if it runs on another machine, whose processes cannot be seen from here. */
export function processExists({ pid, host, processStart: start }: ProcessIdentity): boolean | null {
  if (host !== os.hostname()) return null;
  if (!isRunning(pid)) return false;
  const now = processStart(pid);
  return start === null || now === null || now === start;
}

/** When a process started, for comparison only; null if the platform does not report it or there is no such process. */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'darwin') return darwinStart(pid);
  return null;
}

function isRunning(pid: number): boolean {
  // A zombie process has exited but keeps its id until its parent collects it.
  if (process.platform === 'linux' && /^[ZX]/.test(linuxStat(pid)?.[0] ?? '')) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errno(error) === 'EPERM';
  }
}

/**
 * Fields of /proc/PID/stat from the third, the state; the second is a name in parentheses that may contain anything.
 */
function linuxStat(pid: number): string[] | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Field 22 counts clock ticks since boot, so the boot id is part of the result. */
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
