// The processes of a test: who runs whose command line names a folder, and an end for all of them.
import { execFileSync } from 'node:child_process';

export interface Running {
  readonly pid: number;
  readonly command: string;
}

/** Processes whose command line names this path; temporary folders have names of their own, so these are nobody else's. */
export function processesOf(folder: string): Running[] {
  return execFileSync('ps', ['-ww', '-A', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => {
      const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command };
    })
    .filter(({ pid }) => pid > 0 && pid !== process.pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process, or with a negative id a group of them; one that has gone already is no error. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
