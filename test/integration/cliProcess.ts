// Starts the built command line as a process and reads its output and its run directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export { checkpoints, experiment, metrics, status } from '../support/tinyRuns';

export const root = path.resolve(__dirname, '../..');
export const cliFile = path.join(root, 'dist', 'cli.cjs');
if (!existsSync(cliFile)) throw new Error('dist/cli.cjs is missing: run `npm run build` first.');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of `--json` output. */
export type Line = { readonly event: string; readonly step: number; readonly reason?: string } & Record<
  string,
  unknown
>;

export interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /**
   * Resolves to the first JSON line, past or future, that meets the condition; rejects if the process ends without one.
   */
  readonly saw: (condition: (line: Line) => boolean) => Promise<Line>;
}

/** Starts `node <script> <args>`, which is killed at the end of the test. */
export function start(args: readonly string[], options: { cwd?: string; script?: string } = {}): Process {
  // The terminal that runs the tests must not change their result.
  const env = { ...process.env, INIT_CWD: options.cwd, NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
  const child = spawn(process.execPath, [options.script ?? cliFile, ...args], { cwd: options.cwd, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const collected = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (collected[name] += text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...collected }));
  });
  const seen: Line[] = [];
  const waiting = new Set<(line: Line) => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as Line;
    seen.push(line);
    for (const look of waiting) look(line);
  });
  const saw = (condition: (line: Line) => boolean) =>
    new Promise<Line>((resolve, reject) => {
      const before = seen.find(condition);
      if (before) return resolve(before);
      waiting.add((line) => condition(line) && resolve(line));
      void ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before that line: ${stderr}`)));
    });
  return { child, ended, saw };
}

/** Runs the command line to its end. */
export const cli = (args: readonly string[], cwd?: string): Promise<Ended> => start(args, { cwd }).ended;

/** The lines of stdout, all of which must be JSON. */
export const lines = ({ stdout }: Ended): Line[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

/** A temporary folder, removed at the end of the test. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
