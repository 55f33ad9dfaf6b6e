// The processes of a test: those whose command line contains its folder.
import { execFileSync } from 'node:child_process';

export interface Running {
  readonly pid: number;
  readonly command: string;
}

/** Processes whose command line contains this path, which is unique since temporary folders have unique names. */
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

/** Kills a process, or with a negative id a process group; ignores one that has already exited. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
