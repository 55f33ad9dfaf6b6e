// Data sources in the built command line: previews of files from other programs, reuse of the cache, missing data sets.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cli, lines, root, scratch, start } from './cliProcess';

const fixtures = path.join(root, 'test/fixtures/data');
let folder: string;
beforeEach(() => {
  folder = scratch();
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  return () => vi.unstubAllEnvs();
});

/** Writes an experiment file with these data, one setting per line. */
function experiment(data: object, more: object = {}): string {
  const file = path.join(folder, 'x.gan.json');
  writeFileSync(file, JSON.stringify({ name: 'x', data, ...more }, null, 1));
  return file;
}

describe('preview', () => {
  it.each([
    [{ source: 'cifar', path: path.join(fixtures, 'cifar/ten'), size: 64, validation: 0.2 }, [64, 64, 3], 5, 1],
    [{ source: 'idx', path: path.join(fixtures, 'mnist'), split: 'all' }, [6, 5, 1], 16, 0],
    [{ source: 'npz', path: path.join(fixtures, 'numpy/packed.npz') }, [4, 4, 3], 5, 0],
    [{ source: 'points', path: path.join(fixtures, 'numpy/points.txt') }, [2], 3, 0],
    [{ source: 'shapes', samples: 100, validation: 0.1 }, [32, 32, 3], 90, 10],
    [{ source: 'vertical-line' }, [2], null, 0],
  ])('draws samples and prints counts for %j', async (data, shape, training, heldOut) => {
    const image = path.join(folder, 'p.png');
    const ended = await cli(['preview', experiment(data), '--out', image, '--json'], folder);
    expect(ended.code).toBe(0);
    const facts = lines(ended).at(-1);
    expect(facts).toMatchObject({ event: 'preview', shape, training, heldOut });
    const images = facts?.images as string[];
    expect(images).toHaveLength(heldOut > 0 && shape.length === 3 ? 2 : 1);
    for (const file of images) expect((await sharp(file).metadata()).width).toBeGreaterThan(100);
  });

  it('decodes a database once; the second start reads the cache', async () => {
    const file = experiment({ source: 'lmdb', path: path.join(fixtures, 'lmdb/deep'), size: 32 });
    const [first, second] = [await cli(['preview', file], folder), await cli(['preview', file], folder)];
    expect(first.stdout).toContain('257 images of the database');
    expect(second.stdout).toContain('the cache of an earlier run');
    const [kept] = readdirSync(path.join(folder, 'cache/earthmover/samples'));
    expect(readFileSync(path.join(folder, 'cache/earthmover/samples', kept)).length).toBeGreaterThan(257 * 32 * 32 * 3);
    expect(readdirSync(folder)).toContain('x-preview.png');
  });
});

describe('points of a table', () => {
  const rows = (d: number, offset = 0) =>
    Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: d }, (__, k) => (Math.sin(i * (k + 1)) + offset).toFixed(4)).join(','),
    ).join('\n');
  const small = {
    generator: { network: 'mlp', depth: 1, width: 8 },
    critic: { network: 'mlp', depth: 1, width: 8 },
    batchSize: 8,
    steps: 6,
    samples: { every: 3 },
    checkpoints: { every: 3 },
  };

  it.each([1, 3, 20])('of %d dimensions are trained on, with their metrics and a plot', async (d) => {
    writeFileSync(path.join(folder, 'p.csv'), rows(d));
    const file = experiment({ source: 'points', path: 'p.csv' }, { ...small, latent: { size: d } });
    const ended = await cli(['train', file, '--out', 'run', '--json'], folder);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const { metrics } = lines(ended).at(-1) as unknown as { metrics: { w1: number } };
    expect(metrics.w1).toBeGreaterThan(0);
    expect((await sharp(path.join(folder, 'run/samples/step-6.png')).metadata()).width).toBe(640);
  });

  it('that changed are refused on resume, or accepted by an option that the run records', async () => {
    writeFileSync(path.join(folder, 'p.csv'), rows(2));
    const file = experiment({ source: 'points', path: 'p.csv' }, small);
    expect((await cli(['train', file, '--out', 'run'], folder)).code).toBe(0);
    writeFileSync(path.join(folder, 'p.csv'), rows(2, 100));
    const refused = await cli(['resume', 'run', '--steps', '9'], folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /The data of .*run changed since the run began: it has \d+ bytes instead of \d+; changed: p\.csv\./,
    );
    const accepted = await cli(['resume', 'run', '--steps', '9', '--use-current-data'], folder);
    expect(accepted.code).toBe(0);
    expect(readFileSync(path.join(folder, 'run/notices.jsonl'), 'utf8')).toContain('Resumed on changed data: it has');
    writeFileSync(path.join(folder, 'p.csv'), rows(2));
    expect((await cli(['resume', 'run', '--steps', '12'], folder)).code).toBe(0);
    renameSync(path.join(folder, 'p.csv'), path.join(folder, 'moved.csv'));
    const lost = await cli(['resume', 'run', '--steps', '15'], folder);
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain(`The data of this run, ${path.join(folder, 'p.csv')}, does not exist any more.`);
    expect(lost.stderr).toContain('move the data back to it, or put a link there.');
  });
});

it('reports how to download a missing data set, at its position in the file', async () => {
  const file = experiment({ source: 'idx', path: 'mnist' });
  for (const command of ['preview', 'train']) {
    const ended = await cli([command, file], folder);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/x\.gan\.json:5:\d+: error: .+ earthmover download mnist \(12 MiB\)/);
  }
});

it('trains on samples from a cache file', async () => {
  const data = { source: 'lmdb', path: path.join(fixtures, 'lmdb/deep'), size: 64, memoryMiB: 1, flip: true };
  const small = { network: 'mlp', depth: 1, width: 8 };
  const more = { generator: small, critic: small, batchSize: 16, criticSteps: 1, metrics: [], samples: { every: 5 } };
  const ended = await cli(
    ['train', experiment(data, more), '--steps', '5', '--out', path.join(folder, 'run'), '--json'],
    folder,
  );
  expect(ended.code).toBe(0);
  expect(lines(ended).find(({ message }) => String(message).includes('read on demand'))).toBeDefined();
  expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: 5 });
});

it('lists the public data sets, and rejects unknown names', async () => {
  const listed = lines(await cli(['download', '--json'], folder));
  expect(listed.map(({ name, downloaded }) => [name, downloaded])).toContainEqual(['cifar-10', false]);
  const wrong = await cli(['download', 'cifar10'], folder);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain("Did you mean 'cifar-10'?");
});

it('reports an error that only the data reveal at its option, or at its line of the file', async () => {
  experiment({ source: 'points', path: path.join(fixtures, 'numpy/points.txt') }, { batchSize: 64 });
  const [given, written] = [
    await cli(['train', 'x.gan.json', '--set', 'batchSize=9'], folder),
    await cli(['train', 'x.gan.json'], folder),
  ];
  expect(given.stderr).toMatch(/^--set batchSize=9: error: batchSize is 9, but there are only 3 samples to train on/m);
  expect(written.stderr).toMatch(
    /^x\.gan\.json:7:15: error: batchSize is 64, but there are only 3 samples to train on/m,
  );
});

it('stops at once on Ctrl-C while samples are prepared, and leaves no run', async () => {
  const file = experiment({ source: 'digits', size: 64, samples: 1_000_000 });
  const { child, saw, ended } = start(['train', file, '--json'], { cwd: folder });
  await saw(({ message }) => String(message).startsWith('Reading samples'));
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stderr: expect.not.stringContaining('bug') as string });
  const runs = path.join(folder, '.earthmover/runs');
  expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
});
