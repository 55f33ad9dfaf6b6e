// Training by several processes under the mpirun of Open MPI and of MPICH.
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { launchers, whyNoMpi, type Launcher } from '../support/mpi';
import { cli, cliFile, experiment, metrics, scratch, status, type Ended } from './cliProcess';

const missing = whyNoMpi();

/** Starts the command line as several processes. */
function startRanks(launcher: Launcher, folder: string, args: readonly string[], ranks = 2) {
  const [program, ...options] = launchers[launcher];
  const command = [...options, '-n', String(ranks), process.execPath, cliFile, ...args];
  const env = { ...process.env, INIT_CWD: folder, NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
  const child = spawn(program, command, { cwd: folder, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

const runRanks = (...args: Parameters<typeof startRanks>): Promise<Ended> => startRanks(...args).ended;

const points = {
  steps: 12,
  metrics: [],
  optimizer: { kind: 'sgd', learningRate: 0.01 },
  checkpoints: { every: 4, keep: 5 },
  samples: { every: 12, grid: [2, 2] },
};
const images = {
  ...points,
  data: { source: 'digits', size: 16, samples: 64, validation: 0.25 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'dcgan', filters: 4, normalization: 'none' },
};
/** Moving averages of batch norm, power iterations, a moving average of the weights, instance noise. */
const stateful = {
  ...images,
  steps: 4,
  checkpoints: { every: 1, keep: 5 },
  generator: { network: 'dcgan', filters: 4, normalization: 'batch' },
  constraint: ['spectral-norm', { kind: 'gradient-penalty', lambda: 0.1 }],
  stabilization: { ema: 0.9, instanceNoise: { sigma: 0.1 } },
};

const checkpoint = (run: string, step: number, ...file: string[]): Buffer =>
  readFileSync(path.join(run, 'checkpoints', `step-${step}`, ...file));
const stateOf = (run: string, step: number): Buffer => checkpoint(run, step, 'state.safetensors');
const floats = (bytes: Buffer): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);

/** The largest difference between the numbers of two lists, relative to the largest of them. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const [x, y] = [Array.from(a), Array.from(b)];
  return Math.max(...x.map((value, k) => Math.abs(value - y[k]))) / Math.max(...x.map(Math.abs), 1e-6);
}

describe.skipIf(missing)(missing ? `several processes (skipped: ${missing})` : 'several processes', () => {
  it.each([
    ['points', 'Open MPI', points],
    ['images', 'MPICH', images],
    ['images, with spectral norm, EMA and noise', 'MPICH', { ...stateful, generator: images.generator, steps: 12 }],
  ] as const)('train on %s as one does, within rounding, under %s', async (_, launcher, changes) => {
    const folder = scratch();
    const file = experiment(folder, changes);
    const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
    expect(await cli(['train', file, '--out', one])).toMatchObject({ code: 0 });
    const ended = await runRanks(launcher, folder, ['train', file, '--out', two]);
    expect(ended.code).toBe(0);
    // Rank 0 alone prints, warnings too.
    expect(ended.stderr.match(/warning: stabilization\.ema/g)?.length ?? 0).toBe('stabilization' in changes ? 1 : 0);
    expect(ended.stdout.match(/Finished at step 12/g)).toHaveLength(1);
    for (const column of ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'validationEstimate']) {
      const values = [one, two].map((run) =>
        metrics(run).map((row) => (Number.isFinite(row[column]) ? row[column] : 0)),
      );
      expect([column, difference(values[0], values[1])]).toEqual([column, expect.closeTo(0, 4)]);
    }
    const weights = [one, two].map((run) => floats(checkpoint(run, 12, 'generator', 'weights.bin')));
    const before = floats(checkpoint(one, 8, 'generator', 'weights.bin'));
    expect(difference(weights[0], weights[1])).toBeLessThan(1e-4);
    expect(difference(weights[0], before)).toBeGreaterThan(1e-4);
  });

  it('keep the same weights, and resume bit for bit', async () => {
    const folder = scratch();
    const file = experiment(folder, stateful);
    const [whole, parts] = [path.join(folder, 'whole'), path.join(folder, 'parts')];
    // The weights are compared at each step; a difference would be an error.
    expect(await runRanks('Open MPI', folder, ['train', file, '--out', whole])).toMatchObject({ code: 0 });
    cpSync(whole, parts, { recursive: true });
    for (const step of [3, 4]) rmSync(path.join(parts, 'checkpoints', `step-${step}`), { recursive: true });
    const resumed = await runRanks('Open MPI', folder, ['resume', parts]);
    expect(resumed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('step 4') as string });
    expect(stateOf(parts, 4).equals(stateOf(whole, 4))).toBe(true);
    expect(stateOf(parts, 4).equals(stateOf(whole, 3))).toBe(false);
    const again = await runRanks('MPICH', folder, ['resume', parts]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') as string });
    // One process continues, and says what that means.
    const notices = (): string => readFileSync(path.join(parts, 'notices.jsonl'), 'utf8');
    expect(notices()).not.toContain('The run began with');
    expect(await cli(['resume', parts, '--steps', '5'])).toMatchObject({ code: 0 });
    expect(notices()).toContain('The run began with 2 processes and continues with 1');
  });

  it('end together when the run is stopped', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { ...points, steps: 1_000_000, samples: { every: 1_000_000, grid: [2, 2] } });
    const training = startRanks('MPICH', folder, ['train', file, '--out', run]);
    await untilTraining(run);
    expect(await cli(['stop', run])).toMatchObject({ code: 0 });
    expect(await training.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Stopped') as string });
    expect(status(run).state).toBe('stopped');
  });

  it('all end if one is killed; the run resumes from its last checkpoint', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { ...points, steps: 1_000_000, samples: { every: 1_000_000, grid: [2, 2] } });
    const training = startRanks('Open MPI', folder, ['train', file, '--out', run]);
    await untilTraining(run);
    const leader = status(run).pid;
    const follower = childrenOf(training.child.pid!).find((pid) => pid !== leader)!;
    process.kill(follower, 'SIGKILL');
    const ended = await training.ended;
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/rank 1 .*exited on signal 9/s);
    // mpirun does not wait for those that it kills.
    await vi.waitFor(() => expect(hasEnded(leader)).toBe(true), 30_000);
    const names = readdirSync(path.join(run, 'checkpoints')).map((name) => Number(name.slice(5)));
    const last = Math.max(...names);
    const resumed = await runRanks('Open MPI', folder, ['resume', run, '--steps', String(last + 1)]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(metrics(run)).toHaveLength(last + 1);
  });

  it.each(['Open MPI', 'MPICH'] as const)('all end if rank 0 fails, under %s', async (launcher) => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { ...points, steps: 1_000_000, samples: { every: 1_000_000, grid: [2, 2] } });
    const training = startRanks(launcher, folder, ['train', file, '--out', run]);
    await untilTraining(run);
    const processes = [status(run).pid, ...childrenOf(training.child.pid!)];
    writeFileSync(path.join(run, 'attempts', '7.json'), '{}');
    const ended = await training.ended;
    expect(ended.code).not.toBe(0);
    expect(ended.stdout).toContain('has taken over this run');
    await vi.waitFor(() => expect(processes.filter((pid) => !hasEnded(pid))).toEqual([]), 30_000);
  });

  it('say that the batch cannot be shared equally', async () => {
    const folder = scratch();
    const file = experiment(folder, { ...points, batchSize: 15 });
    const ended = await runRanks('Open MPI', folder, ['train', file, '--out', path.join(folder, 'run')]);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/batchSize is 15, which 2 processes cannot share equally; use a multiple of 2/);
  });
});

async function untilTraining(run: string): Promise<void> {
  const saved = (): boolean => {
    try {
      return readdirSync(path.join(run, 'checkpoints')).some((name) => /^step-\d+$/.test(name));
    } catch {
      return false;
    }
  };
  for (const end = Date.now() + 120_000; !saved(); await sleep(100)) expect(Date.now()).toBeLessThan(end);
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Whether a process has ended; one whose parent has ended before it may stay as a zombie. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
