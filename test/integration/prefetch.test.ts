// Runs of the built trainer with and without prefetching: bit-identical, also after errors.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cli, experiment, lines, metrics, root, scratch, start, status } from './cliProcess';

const data = path.join(root, 'test/fixtures/data');
const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
const state = (run: string, step: number) => readFileSync(path.join(run, `checkpoints/step-${step}/state.safetensors`));
const prefetchCounts = (run: string) =>
  /prefetch: the inputs of (\d+) of (\d+) updates were ready/
    .exec(readFileSync(path.join(run, 'log.txt'), 'utf8'))
    ?.slice(1)
    .map(Number);

/** Trains the experiment of a run directory again without prefetching. */
async function trainWithout(recorded: string, run: string) {
  const script = path.join(path.dirname(run), 'without.cjs');
  const { experiment, source } = JSON.parse(readFileSync(path.join(recorded, 'experiment.json'), 'utf8')) as object &
    Record<string, unknown>;
  const request = {
    experiment,
    source,
    directory: run,
    taskWorker: path.join(root, 'dist/task-worker.cjs'),
    prefetchWorker: null,
    evaluatorProcess: path.join(root, 'dist/evaluator-process.cjs'),
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

/** Long enough for the thread to start before the end. */
const long = { steps: 150, samples: { every: 75 }, checkpoints: { every: 150 } };
const noisy = { metrics: [], stabilization: { instanceNoise: { sigma: 0.3, schedule: 'linear' } } };
const penalized = { objective: 'wgan', constraint: { kind: 'gradient-penalty', lambda: 1 }, ...noisy };

describe('a run with prefetching equals one without prefetching', () => {
  const kinds: Readonly<Record<string, (folder: string) => object>> = {
    'a distribution': () => ({ data: { source: 'swiss-roll' }, ...penalized }),
    'points drawn once, with the critic trained until optimal': () => ({
      data: { source: 'gaussians-grid', samples: 500, validation: 0.2 },
      ...penalized,
      criticSteps: { untilOptimal: { window: 2, tolerance: 0.2, max: 12 } },
    }),
    'images in memory, flipped, on the schedule of the authors': () => ({
      data: { source: 'shapes', samples: 200, size: 16, flip: true, validation: 0.1 },
      ...noisy,
      objective: 'non-saturating',
      constraint: 'dragan',
      criticSteps: 'authors',
      steps: 12, // of a hundred updates each
    }),
    'images in a cache file, flipped': (folder) => ({
      data: { source: 'cifar', path: manyImages(folder), memoryMiB: 1, flip: true },
      ...penalized,
    }),
  };

  it.each(Object.entries(kinds))('%s', async (_, settings) => {
    const folder = scratch();
    vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
    const [prefetched, direct] = ['prefetched', 'direct'].map((name) => path.join(folder, name));
    const ended = await cli([
      'train',
      experiment(folder, { ...long, ...settings(folder) }),
      '--out',
      prefetched,
      '--json',
    ]);
    expect(ended.stderr).toBe('');
    const { step } = status(prefetched);
    expect(await trainWithout(prefetched, direct)).toMatchObject({ code: 0, stderr: '' });
    expect(status(direct)).toMatchObject({ state: 'finished', step });
    expect(untimed(prefetched)).toEqual(untimed(direct));
    expect(state(prefetched, step).equals(state(direct, step))).toBe(true);
    expect(prefetchCounts(prefetched)![0]).toBeGreaterThan(0);
    expect(prefetchCounts(direct)).toBeUndefined();
  });
});

describe('a long run', () => {
  it('receives prefetched inputs, and the prefetch thread ends with the run', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const file = experiment(folder, { steps: 400, metrics: [], samples: { every: 400 } });
    expect(await cli(['train', file, '--out', run, '--json'])).toMatchObject({ code: 0, stderr: '' });
    const [ready, requested] = prefetchCounts(run)!;
    expect(requested).toBe(400 * 3);
    expect(ready).toBeGreaterThan(0);
  });

  it('equals an uninterrupted run if it is interrupted and resumed', async () => {
    const folder = scratch();
    const [whole, interrupted] = ['whole', 'resumed'].map((name) => path.join(folder, name));
    const steps = 400;
    const file = experiment(folder, { ...noisy, steps, samples: { every: steps }, checkpoints: { every: steps } });
    expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);
    const { child, saw, ended } = start(['train', file, '--out', interrupted, '--json']);
    await saw(({ event, step }) => event === 'step' && step >= 20);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(status(interrupted).step).toBeLessThan(steps);
    const resumed = await cli(['resume', interrupted, '--json']);
    expect(lines(resumed).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: steps });
    expect(untimed(interrupted)).toEqual(untimed(whole));
    expect(state(interrupted, steps).equals(state(whole, steps))).toBe(true);
  });
});

it('a cache file that is damaged during training ends the run with an error about its samples', async () => {
  const folder = scratch();
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  const settings = { data: { source: 'cifar', path: manyImages(folder), memoryMiB: 1 }, ...penalized, steps: 100_000 };
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
