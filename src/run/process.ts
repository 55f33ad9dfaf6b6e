// Whether a process still exists and is the same one: process ids are reused.
import { execFile, execFileSync } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../protocol/status';
import { isProcessRunning } from '../files/isProcessRunning';
import { readOrdinary } from '../files/ordinaryFile';

/** This process, as other processes will identify it. Starts no other program. For the main thread only. */
export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  host: os.hostname(),
  processStart: process.platform === 'linux' ? linuxStart(process.pid) : new Date(performance.timeOrigin).toISOString(),
});

/**
 * Whether the process exists; null if it runs on another machine, whose processes cannot be seen from here. May wait
 * for a program of the platform, at most once per process: for the trainer and the command line.
 */
export const processExists = (identity: ProcessIdentity): boolean | null => processes.exists(identity);

/** `processExists` without blocking: for the extension host. */
export const findProcess = (identity: ProcessIdentity): Promise<boolean | null> => processes.find(identity);

/** When a process started, for comparison only; null if there is no such process. May block like `processExists`. */
export const processStart = (pid: number): string | null => system.startOf(pid);

/** What a platform reports about its processes. Start times are null if they are unknown. */
export interface ProcessSystem {
  isRunning(pid: number): boolean;
  startOf(pid: number): string | null;
  findStart(pid: number): Promise<string | null>;
}

/**
 * Answers whether processes exist. Each start time is read once: the answer holds until the process id is free, which
 * a signal tests without starting a program.
 */
export function createProcessTable(system: ProcessSystem) {
  const known = new Map<string, boolean | Promise<boolean>>();
  const keyOf = ({ pid, processStart }: ProcessIdentity) => `${pid} ${processStart}`;
  /** The answer that needs no start time; undefined if it does. */
  const withoutStart = (identity: ProcessIdentity): boolean | null | undefined => {
    if (identity.host !== os.hostname()) return null;
    if (system.isRunning(identity.pid)) return identity.processStart === null ? true : undefined;
    known.delete(keyOf(identity));
    return false;
  };
  return {
    exists(identity: ProcessIdentity): boolean | null {
      const simple = withoutStart(identity);
      if (simple !== undefined) return simple;
      const key = keyOf(identity);
      const answer = known.get(key);
      if (typeof answer === 'boolean') return answer;
      const same = sameStart(identity.processStart, system.startOf(identity.pid));
      known.set(key, same);
      return same;
    },
    async find(identity: ProcessIdentity): Promise<boolean | null> {
      const simple = withoutStart(identity);
      if (simple !== undefined) return simple;
      const key = keyOf(identity);
      const answer =
        known.get(key) ?? system.findStart(identity.pid).then((start) => sameStart(identity.processStart, start));
      known.set(key, answer);
      const same = await answer;
      // The process may have exited while its start time was read.
      if (known.get(key) === answer) known.set(key, same);
      return same;
    },
  };
}

/**
 * Whether two start times are of the same process. Outside Linux one is from the process itself, a moment after the
 * platform's; no process is replaced by another with its id that soon. An unknown time is not held against a process.
 */
function sameStart(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true;
  return Math.abs(Date.parse(a) - Date.parse(b)) <= toleranceMs;
}

const toleranceMs = 10_000;

/** The program that prints when a process started, and the parser of its output; null if none is needed. */
export function startCommand(platform: NodeJS.Platform, pid: number): StartCommand | null {
  if (platform === 'darwin') return { file: '/bin/ps', args: ['-o', 'lstart=', '-p', String(pid)], parse: psTime };
  if (platform !== 'win32') return null;
  // Unlike Get-Process, CIM reports the start time of processes of other users and of the system.
  const script = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CreationDate.ToUniversalTime().ToString('o')`;
  const file = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  return { file, args: ['-NoProfile', '-NonInteractive', '-Command', script], parse: isoTime };
}

interface StartCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The time in the output as ISO 8601; null if it has none. */
  parse(output: string): string | null;
}

/** `Mon Nov 30 10:25:44 2026`, in UTC. */
const psTime = (output: string): string | null => isoTime(`${output.trim()} UTC`);

function isoTime(output: string): string | null {
  const time = Date.parse(output.trim());
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const system: ProcessSystem = {
  isRunning(pid) {
    // A zombie process has exited but keeps its id until its parent collects it.
    if (process.platform === 'linux' && /^[ZX]/.test(linuxStat(pid)?.[0] ?? '')) return false;
    return isProcessRunning(pid);
  },
  startOf(pid) {
    if (process.platform === 'linux') return linuxStart(pid);
    const command = startCommand(process.platform, pid);
    try {
      return command && command.parse(execFileSync(command.file, command.args, commandOptions()));
    } catch {
      return null;
    }
  },
  async findStart(pid) {
    if (process.platform === 'linux') return linuxStart(pid);
    const command = startCommand(process.platform, pid);
    try {
      return command && command.parse((await promisify(execFile)(command.file, command.args, commandOptions())).stdout);
    } catch {
      return null;
    }
  },
};

const processes = createProcessTable(system);

const commandOptions = () => ({
  env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  encoding: 'utf8' as const,
  windowsHide: true,
  timeout: 20_000,
});

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

function readOrNull(file: string): string | null {
  try {
    return readOrdinary(file, 1 << 16).toString('utf8');
  } catch {
    return null;
  }
}
