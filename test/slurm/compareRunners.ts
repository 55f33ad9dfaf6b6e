// Trains a sweep on this machine and on a cluster, and compares the tables of both, digit by digit.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSweep } from '../../src/sweep/parseSweep';
import { experimentsOf } from '../../src/sweep/trials';
import type { Cluster } from '../support/slurmCluster';

export interface Comparison {
  /** The sweep file. */
  readonly file: string;
  /** An empty folder for both sweeps. */
  readonly folder: string;
  readonly cluster: Cluster;
  /** The command line's script. */
  readonly cli: string;
  /** Plans only the first trials. */
  readonly max?: number;
  readonly atOnce: number;
  /** Shorter trainings, with ten measurements each. */
  readonly steps?: number;
  /** Called with what is about to be done. */
  readonly progress?: (text: string) => void;
}

/** What one runner made of the sweep. */
export interface Outcome {
  readonly seconds: number;
  /** The tables as text for people. */
  readonly text: string;
  /** The tables and the results of all trials, as CSV with all digits. */
  readonly csv: string;
}

/** Trains the sweep at both places, one after the other. Throws if a command fails or a trial has no result. */
export async function compareRunners(request: Comparison): Promise<{ local: Outcome; slurm: Outcome }> {
  const { folder, cluster, progress = () => {} } = request;
  const file = request.steps === undefined ? path.resolve(request.file) : shortened(request, request.steps);
  const start = async (on: 'local' | 'slurm'): Promise<Outcome> => {
    progress(`Training ${file} on ${on === 'local' ? 'this machine' : 'the test cluster'}…`);
    const directory = path.join(folder, on);
    const max = request.max === undefined ? [] : ['--max', String(request.max)];
    const began = performance.now();
    const options = ['--on', on, '--at-once', String(request.atOnce), '--out', directory, ...max];
    const stdout = await earthmover(request, 'sweep', file, ...options);
    for (const [, job] of stdout.matchAll(/as job (\d+)/g)) await untilEnded(cluster, job);
    const seconds = (performance.now() - began) / 1000;
    mustHaveEnded(await earthmover(request, 'sweep', 'status', directory, '--json'));
    const table = (...options: string[]) => earthmover(request, 'sweep', 'table', directory, ...options);
    return { seconds, text: await table(), csv: `${await table('--csv')}\n${await table('--all', '--csv')}` };
  };
  return { local: await start('local'), slurm: await start('slurm') };
}

async function untilEnded(cluster: Cluster, job: string): Promise<void> {
  const states = 'PENDING,RUNNING,COMPLETING,SUSPENDED,CONFIGURING';
  // An array that has ended is forgotten some minutes later.
  const left = () => cluster.slurm('squeue', '--noheader', `--jobs=${job}`, `--states=${states}`).catch(() => '');
  while ((await left()) !== '') await sleep(1000);
}

/** The lines in which two texts differ; empty if they are equal. */
export function differences(a: string, b: string): string[] {
  const [first, second] = [a.split('\n'), b.split('\n')];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, k) => [first[k] ?? '', second[k] ?? ''])
    .filter(([x, y]) => x !== y)
    .map(([x, y]) => `${x}  ≠  ${y}`);
}

/** Writes a copy of the sweep whose trials have fewer steps. */
function shortened({ file, folder }: Comparison, steps: number): string {
  const { sweep } = parseSweep(readFileSync(file, 'utf8'), file);
  if (sweep === undefined) throw new Error(`${file} is not a valid sweep file`);
  const every = Math.ceil(steps / 10);
  const changes = { steps, 'samples.every': every, 'checkpoints.every': Math.ceil(steps / 2) };
  const experiment = experimentsOf(sweep).map((each) => path.resolve(path.dirname(file), each));
  const copy = { name: path.basename(file), ...sweep, experiment, set: { ...sweep.set, ...changes } };
  mkdirSync(folder, { recursive: true });
  const name = path.join(folder, path.basename(file));
  writeFileSync(name, JSON.stringify(copy, null, 2));
  return name;
}

function earthmover({ cli, cluster, folder }: Comparison, ...args: string[]): Promise<string> {
  const env = { ...cluster.env, INIT_CWD: folder, NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], { env, cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      // Trials that failed are told by their states.
      if (error !== null && error.code !== 3) reject(new Error(`earthmover ${args.join(' ')}: ${stderr || stdout}`));
      else resolve(stdout);
    });
  });
}

function mustHaveEnded(json: string): void {
  const { trials } = JSON.parse(json) as { trials: { trial: number; state: string; message: string | null }[] };
  const left = trials.filter(({ state }) => !['finished', 'diverged'].includes(state));
  if (left.length === 0) return;
  const texts = left.map(({ trial, state, message }) => `trial ${trial} is ${state}${message ? `: ${message}` : ''}`);
  throw new Error(texts.slice(0, 5).join('; '));
}
