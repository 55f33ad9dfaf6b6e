// Runs a program and hears what it says line by line, until it ends or is stopped.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface LinesOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Through a shell, as Windows needs for npm; then no argument may come from elsewhere. */
  readonly shell?: boolean;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** All that it wrote to stderr. */
  readonly said: string;
}

/** Rejects where it cannot be started (ENOENT), or was stopped (AbortError). */
export function runLines(program: string, args: readonly string[], options: LinesOptions): Promise<Ended> {
  const { onLine = () => {}, ...spawning } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawning, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    createInterface({ input: child.stdout }).on('line', onLine);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}
