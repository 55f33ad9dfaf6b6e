// Sweeps on this machine with real trainers: every trial ends exactly once, whatever happens to the processes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { checkSweep } from '../../src/sweep/checkSweep';
import { planSweep } from '../../src/sweep/plan';
import { environment } from '../support/environment';
import { onPhotos, writePhotos } from '../support/photoSweep';
import { cli, experiment, lines, metrics, scratch, start, status, type Process } from './cliProcess';

const short = { steps: 12, samples: { every: 6, grid: [2, 2] }, checkpoints: { every: 6, keep: 1 }, metrics: ['w1'] };
/** Long enough to be interrupted, short enough to be finished afterwards. */
const long = { ...short, steps: 3000, samples: { every: 3000, grid: [1, 1] }, checkpoints: { every: 50, keep: 1 } };

function sweepFile(folder: string, sweep: object, base: object = short): string {
  experiment(folder, base);
  const file = path.join(folder, 'a.sweep.json');
  writeFileSync(file, JSON.stringify({ experiment: './tiny.gan.json', ...sweep }));
  return file;
}

const directoryIn = (folder: string): string => path.join(folder, '.earthmover', 'sweeps', 'a');
const runOf = (folder: string, trial: number): string =>
  path.join(directoryIn(folder), 'runs', String(trial).padStart(4, '0'));
const attempts = (run: string): number => readdirSync(path.join(run, 'attempts')).length;
const curve = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));

/** Starts a sweep and resolves when `count` of its trials have saved a checkpoint. */
async function startUntilSaved(args: readonly string[], folder: string, trials: readonly number[]): Promise<Process> {
  const pool = start(args, { cwd: folder });
  const saved = (trial: number): boolean => {
    const checkpoints = path.join(runOf(folder, trial), 'checkpoints');
    return existsSync(checkpoints) && readdirSync(checkpoints).some((name) => /^step-\d+$/.test(name));
  };
  while (!trials.every(saved)) {
    expect(pool.child.exitCode).toBeNull();
    await sleep(20);
  }
  return pool;
}

it('trains every trial as it would be trained alone; a second call has nothing to do', async () => {
  const folder = scratch();
  const sweep = { cases: { A: { 'critic.width': 8 }, B: {} }, seeds: 2, result: { metric: 'w1', thresholds: [1e9] } };
  const file = sweepFile(folder, sweep);
  const first = await cli(['sweep', file, '--at-once', '2'], folder);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(
    /4 of 4 ended: 4 finished\n\ncase +n +median w1 .*\nA +2 .*100\nB +2 .*100\n\nw1 within +only A +only B +both +neither\n≤ 1000000000 +0 +0 +2 +0/,
  );
  const alone = path.join(folder, 'alone');
  const settings = ['--seed', '2', '--set', 'critic.width=8', '--set', 'threads=1'];
  await cli(['train', path.join(folder, 'tiny.gan.json'), ...settings, '--out', alone]);
  expect(curve(runOf(folder, 3))).toEqual(curve(alone));
  expect(curve(runOf(folder, 3))).not.toEqual(curve(runOf(folder, 1)));
  const again = await cli(['sweep', file, '--json'], folder);
  expect(lines(again)).toEqual([
    expect.objectContaining({ event: 'sweep-end', reason: 'ended', counts: { finished: 4 } }),
  ]);
  // More seeds add trials, and what is trained stays.
  writeFileSync(file, JSON.stringify({ experiment: './tiny.gan.json', ...sweep, seeds: 3 }));
  const more = await cli(['sweep', file, '--at-once', '1', '--json'], folder);
  expect(lines(more).filter(({ event }) => event === 'trial-end')).toMatchObject([{ trial: 5 }, { trial: 6 }]);
  expect([1, 2, 3, 4, 5, 6].map((trial) => attempts(runOf(folder, trial)))).toEqual([1, 1, 1, 1, 1, 1]);
  const table = await cli(['sweep', 'table', 'a', '--all', '--csv'], folder);
  expect(table.stdout.split('\n')).toHaveLength(8);
  const log = await cli(['sweep', 'log', 'a', '6'], folder);
  expect(log.stdout).toContain('Finished at step 12');
});

it('keeps trials that fail or diverge as rows, and exits with 3', async () => {
  const folder = scratch();
  writeFileSync(
    path.join(folder, 'model.ts'),
    `import * as tf from '@tensorflow/tfjs';
     export const good = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
     export const bad = () => { throw new Error('not today'); };`,
  );
  const cases = {
    bad: { generator: { module: './model.ts', export: 'bad' } },
    // 24 layers whose weights change by ten in one step: their product exceeds float32.
    diverging: {
      'optimizer.learningRate': 10,
      critic: { network: 'mlp', depth: 24, width: 64, activation: 'leaky-relu' },
    },
    good: { generator: { module: './model.ts', export: 'good' } },
  };
  const file = sweepFile(folder, { cases, result: { metric: 'w1', thresholds: [1e9] } });
  const ended = await cli(['sweep', file, '--at-once', '1'], folder);
  expect(ended.code).toBe(3);
  expect(ended.stdout).toMatch(/^1\/3 {2}trial 1 .*: failed, .*not today/m);
  expect(ended.stdout).toMatch(/^bad +0 +0 +1 +0\ndiverging +0 +1 +0 +0\ngood +1 .* 0 +0 +100$/m);
  // Each that did not end well has its reason.
  const shown = await cli(['sweep', 'status', 'a'], folder);
  expect(shown.stdout).toMatch(/1 .*case bad.* failed .*not today/);
  expect(shown.stdout).toMatch(/2 .*case diverging.* diverged .*criticLoss is NaN/);
  // A second call does not try again what failed, unless it is asked to.
  const again = await cli(['sweep', file], folder);
  expect(again.stdout).not.toContain('trial 1');
  writeFileSync(
    path.join(folder, 'model.ts'),
    readFileSync(path.join(folder, 'model.ts'), 'utf8').replace("throw new Error('not today')", 'return good()'),
  );
  const fixed = await cli(['sweep', 'resume', 'a', '--failed', '--json'], folder);
  expect(lines(fixed).at(-1)).toMatchObject({ counts: { finished: 2, diverged: 1 } });
  expect(fixed.code).toBe(0);
  // The same numbers diverge again, in another attempt.
  const diverged = await cli(['sweep', 'resume', 'a', '--diverged', '--json'], folder);
  expect(lines(diverged).filter(({ event }) => event === 'trial-end')).toMatchObject([{ trial: 2 }]);
  expect(lines(diverged).at(-1)).toMatchObject({ counts: { finished: 2, diverged: 1 } });
  expect([1, 2, 3].map((trial) => attempts(runOf(folder, trial)))).toEqual([1, 2, 1]);
});

it('saves all trials on Ctrl-C, and the same command continues', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 3 }, long);
  const pool = await startUntilSaved(['sweep', file, '--at-once', '2'], folder, [1, 2]);
  pool.child.kill('SIGINT');
  expect(await pool.ended).toMatchObject({ code: 130 });
  const states = [1, 2].map((trial) => status(runOf(folder, trial)));
  expect(states.map(({ state }) => state)).toEqual(['interrupted', 'interrupted']);
  const shown = await cli(['sweep', 'status', 'a', '--json'], folder);
  expect(lines(shown)[0]).toMatchObject({ counts: { interrupted: 2, waiting: 1 } });
  expect(await cli(['sweep', file, '--at-once', '2'], folder)).toMatchObject({ code: 0 });
  expect([1, 2, 3].map((trial) => status(runOf(folder, trial)).state)).toEqual(['finished', 'finished', 'finished']);
  // Each step was recorded once.
  for (const trial of [1, 2, 3]) expect(metrics(runOf(folder, trial))).toHaveLength(3000);
});

it('saves the trials that run if another one cannot be started', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { cases: { long: { steps: 1_000_000 }, short: {}, blocked: {} } }, long);
  const { sweep } = checkSweep(readFileSync(file, 'utf8'), file);
  planSweep(directoryIn(folder), sweep!, '0.0.0');
  mkdirSync(path.join(directoryIn(folder), 'logs', '0003.txt'), { recursive: true });
  const ended = await cli(['sweep', file, '--at-once', '2'], folder);
  expect(ended.stderr).toMatch(/^error +Cannot write \S+0003\.txt: /m);
  expect(ended.code).toBe(2);
  expect(status(runOf(folder, 1)).state).toBe('interrupted');
  expect(status(runOf(folder, 2)).state).toBe('finished');
});

it('after its processes were killed, resume ends every trial exactly once', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 3 }, long);
  const pool = await startUntilSaved(['sweep', file, '--at-once', '2'], folder, [1, 2]);
  // The pool first: it starts no other. One trainer dies with it, the other continues alone.
  pool.child.kill('SIGKILL');
  await pool.ended;
  process.kill(status(runOf(folder, 1)).pid, 'SIGKILL');
  const resumed = await cli(['sweep', 'resume', 'a', '--json'], folder);
  expect(resumed.code).toBe(0);
  expect(lines(resumed).at(-1)).toMatchObject({ event: 'sweep-end', counts: { finished: 3 } });
  expect([1, 2, 3].map((trial) => attempts(runOf(folder, trial)))).toEqual([2, 1, 1]);
  for (const trial of [1, 2, 3]) expect(metrics(runOf(folder, trial))).toHaveLength(3000);
});

it('counts the trials that a killed pool left running among those that may run at a time', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 4 }, long);
  const pool = await startUntilSaved(['sweep', file, '--at-once', '2'], folder, [1, 2]);
  pool.child.kill('SIGKILL');
  await pool.ended;
  const isRunning = (trial: number): boolean =>
    existsSync(path.join(runOf(folder, trial), 'status.json')) && status(runOf(folder, trial)).state === 'running';
  const second = start(['sweep', 'resume', 'a', '--at-once', '2'], { cwd: folder });
  let most = 0;
  while (second.child.exitCode === null) {
    most = Math.max(most, [1, 2, 3, 4].filter(isRunning).length);
    await sleep(20);
  }
  expect(await second.ended).toMatchObject({ code: 0 });
  expect(most).toBe(2);
  expect([1, 2, 3, 4].map((trial) => attempts(runOf(folder, trial)))).toEqual([1, 1, 1, 1]);
});

it('two calls at once train no trial twice', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 5 });
  const both = await Promise.all([cli(['sweep', file], folder), cli(['sweep', file], folder)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  for (const { stdout } of both) expect(stdout).toContain('5 of 5 ended: 5 finished');
  expect([1, 2, 3, 4, 5].map((trial) => attempts(runOf(folder, trial)))).toEqual([1, 1, 1, 1, 1]);
});

it('cancel saves what runs and starts nothing else; resume continues', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 2 }, long);
  const pool = await startUntilSaved(['sweep', file, '--at-once', '1', '--json'], folder, [1]);
  const canceled = await cli(['sweep', 'cancel', 'a'], folder);
  expect(canceled).toMatchObject({ code: 0, stdout: expect.stringContaining('Canceled 2 trials.') as string });
  await pool.ended;
  expect(status(runOf(folder, 1)).state).toBe('stopped');
  expect(existsSync(runOf(folder, 2))).toBe(false);
  const shown = await cli(['sweep', 'status', 'a'], folder);
  expect(shown.stdout).toMatch(/1 of 2 ended: 1 stopped; 1 canceled\n/);
  expect((await cli(['sweep', 'table', 'a'], folder)).stdout).toMatch(/canceled +stopped\n.* 1 +1\n/);
  // Nothing is left to wait for.
  expect((await cli(['sweep', 'status', 'a', '--watch'], folder)).stdout).toBe('1 of 2 ended: 1 stopped; 1 canceled\n');
  const refused = await cli(['sweep', 'task', directoryIn(folder), '2'], folder);
  expect(refused).toMatchObject({ code: 0, stderr: 'Trial 2 is canceled.\n' });
  expect(await cli(['sweep', 'resume', 'a'], folder)).toMatchObject({ code: 0 });
  expect([1, 2].map((trial) => status(runOf(folder, trial)).state)).toEqual(['finished', 'finished']);
});

it.each([
  ['empty', ''],
  ['cut off', '{ "version": 1, "sta'],
])('resumes a trial whose status.json is %s after a power cut', async (_, content) => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 1 }, long);
  const pool = await startUntilSaved(['sweep', file], folder, [1]);
  pool.child.kill('SIGKILL');
  process.kill(status(runOf(folder, 1)).pid, 'SIGKILL');
  await pool.ended;
  writeFileSync(path.join(runOf(folder, 1), 'status.json'), content);
  expect((await cli(['sweep', 'status', 'a'], folder)).stdout).toMatch(/exited unexpectedly .*status\.json/);
  expect(await cli(['sweep', 'resume', 'a'], folder)).toMatchObject({ code: 0 });
  expect(status(runOf(folder, 1)).state).toBe('finished');
  expect(metrics(runOf(folder, 1))).toHaveLength(3000);
});

it('shows a sweep again and again until it has ended, a line for each change if the output is no terminal', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { seeds: 2 }, long);
  const pool = await startUntilSaved(['sweep', file, '--at-once', '1'], folder, [1]);
  const watched = start(['sweep', 'status', 'a', '--watch', '--json'], { cwd: folder });
  await watched.saw(({ event }) => event === 'sweep');
  await pool.ended;
  const ended = await watched.ended;
  expect(ended.code).toBe(0);
  expect(lines(ended)[0]).toMatchObject({ counts: { running: 1, waiting: 1 }, planned: 2, ofFile: 2 });
  expect(lines(ended).at(-1)).toMatchObject({ counts: { finished: 2 } });
  expect(lines(ended).length).toBeLessThanOrEqual(4);
});

it('with --prepare reads the data once, before the first trial', async () => {
  const folder = scratch();
  environment({ XDG_CACHE_HOME: path.join(folder, 'cache') });
  await writePhotos(folder);
  const file = sweepFile(folder, { seeds: 2 }, onPhotos);
  expect((await cli(['sweep', file, '--prepare', '--dry-run'], folder)).stdout).toContain('read into the cache first');
  expect(existsSync(path.join(folder, 'cache'))).toBe(false);
  const ended = await cli(['sweep', file, '--prepare', '--at-once', '2'], folder);
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('20 images') as string });
  for (const trial of ['1', '2'])
    expect((await cli(['sweep', 'log', 'a', trial], folder)).stdout).toContain('the cache of an earlier run');
});

it('starts no trial if the data cannot be prepared', async () => {
  const folder = scratch();
  await writePhotos(folder);
  const file = sweepFile(folder, { seeds: 2 }, onPhotos);
  rmSync(path.join(folder, 'photos'), { recursive: true });
  writeFileSync(path.join(folder, 'photos'), '');
  const ended = await cli(['sweep', file, '--prepare'], folder);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/photos.*\n.*The data could not be prepared: it ended with exit code 2\. No trial was/s);
  expect(readdirSync(path.join(directoryIn(folder), 'runs'))).toEqual([]);
});

it('a dry run checks a thousand trials and writes nothing', async () => {
  const folder = scratch();
  const of = { 'optimizer.learningRate': { log: [1e-4, 1e-3] }, 'generator.width': { integer: [8, 32] } };
  const file = sweepFile(folder, { sample: { count: 500, of }, cases: { A: {}, B: { 'critic.width': 8 } } });
  const dry = await cli(['sweep', file, '--dry-run', '--at-once', '3'], folder);
  expect(dry).toMatchObject({ code: 0, stderr: 'Nothing was started.\n' });
  expect(dry.stdout).toContain('1,000 trials in .earthmover/sweeps/a: 1,000 new, 1,000 to train.');
  expect(dry.stdout).toContain('3 trials at a time on this machine, 1 thread each.');
  expect(existsSync(path.join(folder, '.earthmover'))).toBe(false);
});

it('a dry run takes time and space from earlier runs of the same kind until a trial has finished', async () => {
  const folder = scratch();
  const file = sweepFile(folder, { over: { 'critic.width': [4, 8] } });
  const dry = async () => (await cli(['sweep', file, '--dry-run'], folder)).stdout;
  expect(await dry()).toMatch(
    /The time and space are known when a trial has finished; --max 1 trains only the first\./,
  );
  const other = { data: { source: 'swiss-roll' }, steps: 2, metrics: [] };
  expect((await cli(['train', experiment(folder, other, 'other.gan.json')], folder)).code).toBe(0);
  expect(await dry()).toContain('are known when a trial has finished');
  // A run that cannot be read says nothing, and stops nothing.
  const runs = path.join(folder, '.earthmover', 'runs');
  writeFileSync(path.join(runs, readdirSync(runs)[0], 'experiment.json'), '{');
  const base = path.join(folder, 'tiny.gan.json');
  expect((await cli(['train', base], folder)).code).toBe(0);
  expect(await dry()).toMatch(
    / steps, about \d+ files, [\d.]+ [kM]i?B, and .* by earlier runs on such data and networks\./,
  );
  await cli(['sweep', file, '--max', '1'], folder);
  expect(await dry()).toMatch(/ one after another, by the trials that have finished\./);
});

it('a dry run lists the trials, and says that only the first of the file are planned', async () => {
  const folder = scratch();
  const of = { 'optimizer.learningRate': { log: [1e-4, 1e-3] } };
  const file = sweepFile(folder, { sample: { count: 3, of }, cases: { A: {}, B: {} } });
  const dry = await cli(['sweep', file, '--dry-run', '--max', '4'], folder);
  expect(dry.stdout).toMatch(/^trial +case +sample +optimizer\.learningRate +seed$/m);
  expect(dry.stdout).toMatch(/^3 +A +2 +[\d.e-]+ +1$/m);
  expect(dry.stdout).toContain('The plan has the first 4 of the 6 trials of the sweep file');
  const [json] = lines(await cli(['sweep', file, '--dry-run', '--json'], folder));
  expect(json.plan).toHaveLength(6);
  await cli(['sweep', file, '--max', '1'], folder);
  expect((await cli(['sweep', 'status', 'a'], folder)).stdout).toMatch(/1 of 1 ended.*\n.*\n.*first 1 of the 6 trials/);
  const again = await cli(['sweep', file, '--dry-run'], folder);
  expect(again.stdout).toMatch(/5 new, 5 to train/);
  expect(again.stdout).toMatch(/^1 +A +1 .* finished$/m);
});

it('a dry run checks data, initial weights, model files and devices, once for all trials', async () => {
  const folder = scratch();
  writeFileSync(path.join(folder, 'model.ts'), 'export const build = () => {');
  const cases = {
    'no data': { data: { source: 'points', path: './none.csv' } },
    'no run': { initialWeights: { critic: './none' } },
    'no device': { device: 'cuda' },
    'no model': { generator: { module: './model.ts', export: 'build' } },
  };
  const file = sweepFile(folder, { set: { metrics: [] }, cases, seeds: 2 });
  const dry = await cli(['sweep', file, '--dry-run'], folder);
  expect(dry.code).toBe(2);
  expect(dry.stderr).toMatch(
    /a\.sweep\.json:1:\d+: error: The file ".\/none.csv" does not exist .* In 2 trials of 8: 1, 5\./,
  );
  expect(dry.stderr).toMatch(/a\.sweep\.json:1:\d+: error: "\.\/none" has no checkpoint .* In 2 trials of 8: 2, 6\./);
  expect(dry.stderr).toMatch(
    /a\.sweep\.json:1:\d+: error: The device "cuda" is not available: .* In 2 trials of 8: 3, 7\./,
  );
  expect(dry.stderr).toMatch(/model\.ts:1:\d+: error: .* In 2 trials of 8: 4, 8\./);
  expect(dry.stderr.trim().split('\n')).toHaveLength(4);
  // Nodes of a cluster have devices of their own.
  expect(existsSync(path.join(folder, '.earthmover'))).toBe(false);
});

it.each([
  ['another file', ['sweep', 'tiny.gan.json'], 'tiny.gan.json is not a sweep file: those end in .sweep.json.'],
  ['an unknown sweep', ['sweep', 'status', 'none'], "No sweep 'none' (looked for"],
  ['an unknown trial', ['sweep', 'log', 'a', '9'], 'has no trial 9; its trials are 1 to 1.'],
  [
    'an unknown place',
    ['sweep', 'b.sweep.json', '--on', 'slur'],
    '--on must be local or slurm, got "slur". Did you mean slurm?',
  ],
  [
    'an unknown command',
    ['sweep', 'state', 'a'],
    "Unknown command 'sweep state'. Did you mean 'earthmover sweep status'?",
  ],
  ['a word', ['sweep', 'begin'], 'takes a sweep file (*.sweep.json) or one of status, table, resume, cancel or log.'],
  [
    'a sweep for its file',
    ['sweep', 'a'],
    'a is a sweep that is planned already. To continue it: earthmover sweep resume a.',
  ],
  ['a file with a typing error', ['sweep', 'aa.sweep.json'], 'it does not exist. Did you mean a.sweep.json?'],
  ['a sweep with a typing error', ['sweep', 'table', 'a.sweep.js'], "Did you mean 'a.sweep.json'?"],
  ['half of a command', ['status', 'a'], "Did you mean 'earthmover sweep status'?"],
  [
    'a sweep for a run',
    ['evaluate', 'a'],
    'a is a sweep, not a run. Its trials are runs: give one, such as .earthmover/sweeps/a/runs/0001.',
  ],
  ['the folder of a sweep for a run', ['stop', '.earthmover/sweeps/a'], '.earthmover/sweeps/a is a sweep, not a run.'],
  ['a file for a run', ['evaluate', 'tiny.gan.json'], 'is a file, not a run. Give a run directory'],
  ['a sweep file for an experiment', ['train', 'a.sweep.json'], 'To train the sweep: earthmover sweep a.sweep.json'],
  ['a file without a study', ['reproduce', 'tiny.gan.json'], 'tiny.gan.json is not a study: give the study first'],
  ['a run', ['sweep', 'status', '.earthmover'], 'is not the directory of a sweep: it has no sweep.json.'],
])('refuses %s with a message that says what to do', async (_, args, message) => {
  const folder = scratch();
  const file = sweepFile(folder, {});
  // Planned, but not trained.
  const text = readFileSync(file, 'utf8');
  writeFileSync(path.join(folder, 'b.sweep.json'), text);
  const checked = checkSweep(text, file);
  planSweep(directoryIn(folder), checked.sweep!, '0.0.0');
  const refused = await cli(args, folder);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(message);
  expect(readdirSync(path.join(folder, '.earthmover', 'sweeps'))).toEqual(['a']);
});
