// Several seeds of one experiment: each run equals a run of its seed alone; stopping one ends the sequence, a failure
// does not.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli, experiment, lines, metrics, scratch, start, status } from './cliProcess';

const short = { steps: 12, checkpoints: { every: 12, keep: 1 }, metrics: ['modes'] };
const curve = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));

it('trains seeds in order; each equals a single run', async () => {
  const folder = scratch();
  const file = experiment(folder, { ...short, seed: 4, seeds: 2 });
  const all = await cli(['train', file, '--out', path.join(folder, 'run')]);
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout).toMatch(
    /^2 of 2 seeds\n\n {2}seed .*modes[^]*\n {2}4 .*finished[^]*\n {2}5 .*finished[^]*\n {2}median/m,
  );
  const alone = path.join(folder, 'alone');
  await cli(['train', file, '--seed', '5', '--seeds', '1', '--out', alone]);
  const second = path.join(folder, 'run-seed-5');
  expect(curve(second)).toEqual(curve(alone));
  expect(curve(second)).not.toEqual(curve(path.join(folder, 'run-seed-4')));
  const manifest = (run: string) => JSON.parse(readFileSync(path.join(run, 'experiment.json'), 'utf8')) as object;
  expect(manifest(second)).toMatchObject({ seed: 5, experiment: { seed: 5, seeds: 1 } });
});

it('does not start the next seed after a stop', async () => {
  const folder = scratch();
  const file = experiment(folder, { ...short, seed: 1, steps: 1_000_000, checkpoints: { every: 1000, keep: 1 } });
  const run = path.join(folder, 'run');
  const training = start(['train', file, '--seeds', '3', '--out', run, '--json']);
  await training.saw(({ event, step }) => event === 'step' && step >= 5);
  await cli(['stop', `${run}-seed-1`]);
  const ended = await training.ended;
  expect(ended.code).toBe(0);
  expect(lines(ended).filter(({ event }) => event === 'start')).toHaveLength(1);
  expect(status(`${run}-seed-1`).state).toBe('stopped');
  expect(readdirSync(folder).filter((name) => name.startsWith('run-'))).toEqual(['run-seed-1']);
});

it('continues after a seed that failed, names it, and exits with 3', async () => {
  const folder = scratch();
  const run = path.join(folder, 'run');
  writeFileSync(
    path.join(folder, 'model.ts'),
    `import * as fs from 'node:fs';
     import * as tf from '@tensorflow/tfjs';
     const first = ${JSON.stringify(path.join(`${run}-seed-4`, 'checkpoints', 'step-100'))};
     let done = fs.existsSync(first);
     const timer = setInterval(() => {
       if (done || !fs.existsSync(first)) return;
       done = true;
       throw new Error('only once');
     }, 5);
     timer.unref();
     export const build = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });`,
  );
  const file = experiment(folder, {
    generator: { module: './model.ts', export: 'build' },
    ...{ seed: 4, seeds: 2, steps: 1500, samples: { every: 1500, grid: [1, 1] } },
    ...{ checkpoints: { every: 100, keep: 1 }, metrics: [] },
  });
  const { code, stdout } = await cli(['train', file, '--out', run]);
  expect(code).toBe(3);
  expect(stdout).toMatch(/^ {2}4 +failed[^]*^ {2}5 +finished[^]*^Failed: seed 4\.$/m);
  expect(status(`${run}-seed-4`)).toMatchObject({ state: 'failed' });
  expect(status(`${run}-seed-5`)).toMatchObject({ state: 'finished', step: 1500 });
});
