// A sweep on a test cluster: its files, the command line in the environment of the cluster, and its runs.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sendCommand } from '../../src/run/control';
import type { Cluster } from './slurmCluster';
import { experiment, status } from './tinyRuns';

const cliFile = path.resolve(__dirname, '../../dist/cli.cjs');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A sweep of the tiny experiment in a new folder below `parent`, which compute nodes see as every other folder of this
 * machine.
 * @param sweep the sweep file, without its experiment
 * @param changes changes of the experiment
 */
export function slurmSweep(cluster: Cluster, parent: string, sweep: object, changes: object = {}) {
  const folder = mkdtempSync(path.join(parent, 'sweep-'));
  experiment(folder, { metrics: [], ...changes });
  const file = path.join(folder, 'a.sweep.json');
  const write = (content: object): void =>
    writeFileSync(file, JSON.stringify({ experiment: './tiny.gan.json', ...content }, null, 2));
  write(sweep);
  const directory = path.join(folder, '.earthmover', 'sweeps', 'a');
  const run = (trial: number): string => path.join(directory, 'runs', String(trial).padStart(4, '0'));
  const isRunning = (trial: number): boolean => {
    const file = path.join(run(trial), 'status.json');
    return existsSync(file) && ['running', 'paused'].includes(status(run(trial)).state) && status(run(trial)).step > 0;
  };
  return {
    file,
    directory,
    run,
    write,
    /** Runs the command line in the folder. */
    earthmover: (...args: string[]): Promise<Ended> => {
      const env = { ...cluster.env, INIT_CWD: folder, NO_COLOR: '1' };
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          [cliFile, ...args],
          { env, cwd: folder, encoding: 'utf8' },
          (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
      });
    },
    /** The content of status.json of a trial; null before it has one. */
    status: (trial: number): RunStatus | null =>
      existsSync(path.join(run(trial), 'status.json'))
        ? (JSON.parse(readFileSync(path.join(run(trial), 'status.json'), 'utf8')) as RunStatus)
        : null,
    /** Waits until a trial trains, and slows it down: from then on it waits without using the processor. */
    slowDown: async (trial: number): Promise<void> => {
      await cluster.until(`trial ${trial} trains`, () => isRunning(trial));
      await sendCommand(run(trial), { kind: 'slow-motion', rate: 2 });
    },
    until: (trial: number, state: string): Promise<void> =>
      cluster.until(`trial ${trial} is ${state}`, () => {
        const found = existsSync(path.join(run(trial), 'status.json')) ? status(run(trial)).state : 'waiting';
        if (found !== state && ['failed', 'diverged'].includes(found)) throw new Error(`trial ${trial} ${found}`);
        return found === state;
      }),
    /** The state of each task of the last submission: `0 COMPLETED`. */
    tasks: async (job: string): Promise<string[]> => {
      const text = await cluster.slurm('squeue', '-h', '--array', '--states=all', `--jobs=${job}`, '--format=%K %T');
      return text.split('\n').sort();
    },
    /** Number of processes that have worked on a trial. */
    attempts: (trial: number): number => readdirSync(path.join(run(trial), 'attempts')).length,
    /** What a task of a job has printed. */
    jobLog: (job: string, index: number): string =>
      readFileSync(path.join(directory, 'logs', `job-${job}_${index}.txt`), 'utf8'),
    log: (trial: number): string =>
      readFileSync(path.join(directory, 'logs', `${String(trial).padStart(4, '0')}.txt`), 'utf8'),
  };
}

interface RunStatus {
  readonly state: string;
  readonly step: number;
  readonly pid: number;
  readonly host: string;
  readonly attempt: number;
}

/** A hash of the weights and the state of the optimizer in the last checkpoint. */
export function weightsOf(run: string): string {
  const folder = path.join(run, 'checkpoints');
  const [last] = readdirSync(folder).sort().slice(-1);
  return createHash('sha256')
    .update(readFileSync(path.join(folder, last, 'state.safetensors')))
    .digest('hex');
}

/** The job that a command has submitted. */
export const jobIn = ({ stdout }: Ended): string => /as job (\d+)/.exec(stdout)?.[1] ?? `none: ${stdout}`;
