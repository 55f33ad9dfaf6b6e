// Trainings by the built trainer with batches drawn ahead and between the updates: equal to the last bit, also where they fail.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cli, experiment, lines, metrics, root, scratch, start, status } from './cliProcess';

const data = path.join(root, 'test/fixtures/data');
const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
const state = (run: string, step: number) => readFileSync(path.join(run, `checkpoints/step-${step}/state.safetensors`));
const told = (run: string) =>
  /feeds: (\d+) of (\d+) were drawn ahead/
    .exec(readFileSync(path.join(run, 'log.txt'), 'utf8'))
    ?.slice(1)
    .map(Number);

/** Trains what a run directory records once more, with everything drawn between the updates. */
async function without(recorded: string, run: string) {
  const script = path.join(path.dirname(run), 'without.cjs');
  const { experiment, source } = JSON.parse(readFileSync(path.join(recorded, 'experiment.json'), 'utf8')) as object &
    Record<string, unknown>;
  const request = {
    experiment,
    source,
    directory: run,
    taskWorker: path.join(root, 'dist/task-worker.cjs'),
    prefetchWorker: null,
  };
  writeFileSync(
    script,
    `const { train } = require(${JSON.stringify(path.join(root, 'dist/trainer.cjs'))});
     const request = ${JSON.stringify(request)};
     train({ ...request, listener: () => {}, signal: new AbortController().signal });`,
  );
  return start([], { script }).ended;
}

/** CIFAR's fixture 400 times over, in a folder: more than a MiB. */
function manyImages(folder: string): string {
  const batch = readFileSync(path.join(data, 'cifar/ten/data_batch_1.bin'));
  mkdirSync(path.join(folder, 'many'));
  writeFileSync(path.join(folder, 'many/data_batch_1.bin'), Buffer.concat(Array.from({ length: 400 }, () => batch)));
  return path.join(folder, 'many');
}

/** Long enough for the thread to be there before the end. */
const long = { steps: 150, samples: { every: 75 }, checkpoints: { every: 150 } };
const noisy = { metrics: [], stabilization: { instanceNoise: { sigma: 0.3, schedule: 'linear' } } };
const penalised = { objective: 'wgan', constraint: { kind: 'gradient-penalty', lambda: 1 }, ...noisy };

describe('a run with batches drawn ahead equals one without', () => {
  const kinds: Readonly<Record<string, (folder: string) => object>> = {
    'a distribution': () => ({ data: { source: 'swiss-roll' }, ...penalised }),
    'points drawn once, the critic updated until it is optimal': () => ({
      data: { source: 'gaussians-grid', samples: 500, validation: 0.2 },
      ...penalised,
      criticSteps: { untilOptimal: { window: 2, tolerance: 0.2, max: 12 } },
    }),
    'images in memory, flipped, by the schedule of the authors': () => ({
      data: { source: 'shapes', samples: 200, size: 16, flip: true, validation: 0.1 },
      ...noisy,
      objective: 'non-saturating',
      constraint: 'dragan',
      criticSteps: 'authors',
      steps: 12, // of a hundred updates each
    }),
    'images in a cache file, flipped': (folder) => ({
      data: { source: 'cifar', path: manyImages(folder), memoryMiB: 1, flip: true },
      ...penalised,
    }),
  };

  it.each(Object.entries(kinds))('%s', async (_, settings) => {
    const folder = scratch();
    vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
    const [ahead, between] = ['ahead', 'between'].map((name) => path.join(folder, name));
    const ended = await cli(['train', experiment(folder, { ...long, ...settings(folder) }), '--out', ahead, '--json']);
    expect(ended.stderr).toBe('');
    const { step } = status(ahead);
    expect(await without(ahead, between)).toMatchObject({ code: 0, stderr: '' });
    expect(status(between)).toMatchObject({ state: 'finished', step });
    expect(untimed(ahead)).toEqual(untimed(between));
    expect(state(ahead, step).equals(state(between, step))).toBe(true);
    expect(told(ahead)![0]).toBeGreaterThan(0);
    expect(told(between)).toBeUndefined();
  });
});

describe('a long run', () => {
  it('finds most of what it is fed drawn, and its process ends with it', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { steps: 400, metrics: [], samples: { every: 400 } });
    expect(await cli(['train', file, '--out', run, '--json'])).toMatchObject({ code: 0, stderr: '' });
    const [there, asked] = told(run)!;
    expect(asked).toBe(400 * 3);
    expect(there).toBeGreaterThan(0);
  });

  it('that is interrupted and resumed equals one that was left alone', async () => {
    const folder = scratch();
    const [whole, held] = ['whole', 'held'].map((name) => path.join(folder, name));
    const steps = 400;
    const file = experiment(folder, { ...noisy, steps, samples: { every: steps }, checkpoints: { every: steps } });
    expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);
    const { child, saw, ended } = start(['train', file, '--out', held, '--json']);
    await saw(({ event, step }) => event === 'step' && step >= 20);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(status(held).step).toBeLessThan(steps);
    const resumed = await cli(['resume', held, '--json']);
    expect(lines(resumed).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: steps });
    expect(untimed(held)).toEqual(untimed(whole));
    expect(state(held, steps).equals(state(whole, steps))).toBe(true);
  });
});

it('a cache file that is damaged while it is trained on ends the run with the error of the samples', async () => {
  const folder = scratch();
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  const settings = { data: { source: 'cifar', path: manyImages(folder), memoryMiB: 1 }, ...penalised, steps: 100_000 };
  const run = path.join(folder, 'run');
  const { saw, ended } = start(['train', experiment(folder, settings), '--out', run, '--json']);
  await saw(({ event, step }) => event === 'step' && step >= 3);
  const samples = path.join(folder, 'cache/earthmover/samples');
  const file = path.join(samples, readdirSync(samples)[0]);
  const bytes = readFileSync(file);
  for (let slot = 0; slot < 1200; slot++) bytes[64 + slot * 3072 + 100] ^= 1;
  writeFileSync(file, bytes);
  const { stdout } = await ended;
  expect(stdout).toMatch(/"reason":"failed".*Sample \d+ of the cache file/);
  expect(readdirSync(samples)).toEqual([]);
  expect(status(run).state).toBe('failed');
});
