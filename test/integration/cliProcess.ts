// Starts the built command line as a process and reads its output and its run directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

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

/**
 * The smallest experiment with all outputs: 30 steps of networks of 16 units, metrics, sample grids and checkpoints.
 */
const tiny = {
  data: { source: 'gaussians-ring' },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
  objective: 'wgan',
  constraint: { kind: 'gradient-penalty', lambda: 0.1 },
  criticSteps: 2,
  optimizer: { kind: 'adam', learningRate: 0.0005, beta1: 0, beta2: 0.9 },
  batchSize: 16,
  steps: 30,
  seed: 5,
  threads: 1,
  samples: { every: 10, grid: [4, 4] },
  checkpoints: { every: 10, keep: 3 },
  metrics: ['modes', 'w1'],
};

/** Writes the tiny experiment with changes to a file and returns its path. */
export function experiment(folder: string, changes: object = {}, name = 'tiny.gan.json'): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ ...tiny, ...changes }, null, 2));
  return file;
}

export const status = (run: string) =>
  JSON.parse(readFileSync(path.join(run, 'status.json'), 'utf8')) as { state: string; step: number; pid: number };

export const checkpoints = (run: string): string[] => readdirSync(path.join(run, 'checkpoints'));

/** Reads metrics.bin by its header, without code of the program: one object of values by column per row. */
export function metrics(run: string): Record<string, number>[] {
  const bytes = readFileSync(path.join(run, 'metrics.bin'));
  const header = JSON.parse(bytes.subarray(0, bytes.indexOf(10)).toString()) as {
    dtype: { names: string[]; formats: string[] };
    offset: number;
  };
  const read: Record<string, [size: number, at: (offset: number) => number]> = {
    '<u4': [4, (offset) => bytes.readUInt32LE(offset)],
    '<f8': [8, (offset) => bytes.readDoubleLE(offset)],
    '<f4': [4, (offset) => bytes.readFloatLE(offset)],
  };
  const { names, formats } = header.dtype;
  const length = formats.reduce((sum, format) => sum + read[format][0], 0);
  const rows: Record<string, number>[] = [];
  for (let start = header.offset; start + length <= bytes.length; start += length) {
    let offset = start;
    const row: Record<string, number> = {};
    names.forEach((name, k) => {
      const [size, at] = read[formats[k]];
      row[name] = at(offset);
      offset += size;
    });
    rows.push(row);
  }
  return rows;
}
