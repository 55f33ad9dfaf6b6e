// The cache of samples: the same batches within and beyond the memory budget, reuse by a second start, damage.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failure, fixtures, open } from '../../../test/support/dataFixtures';
import { createTaskWorkers } from '../../../test/support/taskWorkers';
import type { DataConfig } from '../../catalog';
import type { DataContext, DataSource } from '../dataSource';
import type { DataTasks } from '../workers/dataTasks';
import type { WorkerPool } from '../workers/workerPool';
import { createCacheFile, openCacheFile } from './cacheFile';
import { cacheFolder } from './cacheFolder';
import { evictCache } from './evictCache';
import { checksum } from './sampleStorage';

const workers = createTaskWorkers();
let pictures: string;
let folder: string;
beforeAll(async () => {
  pictures = mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  for (let i = 0; i < 30; i++) {
    const [r, g, b] = [8 * i, 255 - 8 * i, (37 * i) % 256];
    await sharp({ create: { width: 80 + i, height: 64, channels: 3, background: { r, g, b } } })
      .png()
      .toFile(path.join(pictures, `${i}.png`));
  }
  writeFileSync(path.join(pictures, '7.png'), 'not an image');
});
afterAll(() => rmSync(pictures, { recursive: true }));
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'cache-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const requests: string[] = [];
/** The real threads, with a list of their tasks. */
const counted: WorkerPool<DataTasks> = {
  count: 2,
  close: async () => {},
  run: (task, payload, transfer) => {
    requests.push(task);
    return workers.run(task, payload, transfer);
  },
};
const images = (given: Partial<DataConfig<'images'>> = {}, context: Partial<DataContext> = {}) => {
  requests.length = 0;
  return open(
    'images',
    { path: '.', size: 128, flip: true, validation: 0.2, ...given },
    { folder: pictures, workers: counted, cacheFolder: folder, ...context },
  );
};
/** 29 images of 48 KiB exceed 1 MiB. */
const beyond = { memoryMiB: 1 };
const cacheFile = () =>
  path.join(folder, 'samples', readdirSync(path.join(folder, 'samples')).find((name) => name.endsWith('.samples'))!);
const decodes = () => requests.filter((task) => task === 'decode').length;

/** Hashes of ten batches: comparing millions of numbers one by one takes the test runner minutes. */
function batches(source: DataSource): string[] {
  return [0, 1, 2, 3, 4].flatMap((step) => {
    const [x, held] = [new Float32Array(128 * 128 * 3 * 7), new Float32Array(128 * 128 * 3 * 2)];
    source.batch({ seed: 3, stream: 'data', step }, x);
    source.validationBatch({ seed: 3, stream: 'validation', step }, held);
    return [x, held].map((batch) => createHash('sha1').update(batch).digest('hex'));
  });
}

describe('a folder of images', () => {
  test('beyond the memory budget is cached in a file, and gives the same batches as from memory', async () => {
    const inMemory = await images({ cache: 'memory' });
    expect(existsSync(path.join(folder, 'samples'))).toBe(false);
    const expected = batches(inMemory);
    const streamed = await images(beyond);
    expect(streamed.notes.at(-1)).toBe(
      `Samples: 1.4 MiB, more than "data.memoryMiB", read on demand from ${cacheFile()}.`,
    );
    expect(batches(streamed)).toEqual(expected);
    expect(requests).toContain('readAhead');
    expect(streamed.size + streamed.validationSize).toBe(29);
    expect(statSync(cacheFile()).size).toBeGreaterThan(30 * 128 * 128 * 3);
    streamed.close!();
  });

  test('is not decoded again on a second start, and gives the same notes and batches', async () => {
    const first = await images();
    expect(decodes()).toBe(2);
    const second = await images();
    expect(decodes()).toBe(0);
    expect(second.notes.slice(0, -1)).toEqual(first.notes.slice(0, -1));
    expect(second.notes[1]).toMatch(/^1 image skipped: 7\.png/);
    expect(second.notes.at(-1)).toContain('the cache of an earlier run');
    expect(batches(second)).toEqual(batches(first));
    const streamed = await images(beyond);
    expect(decodes()).toBe(0);
    expect(batches(streamed)).toEqual(batches(first));
    streamed.close!();
    expect((await failure(images({ onError: 'fail' }))).message).toContain('7.png could not be decoded');
  });

  test('gets another cache file if a setting or an image changes', async () => {
    await images();
    await images({ resize: 'box' });
    expect(decodes()).toBe(2);
    const file = path.join(pictures, '3.png');
    const { atime, mtime } = statSync(file);
    utimesSync(file, atime, new Date(mtime.getTime() + 5000));
    await images();
    expect(decodes()).toBe(2);
    expect(readdirSync(path.join(folder, 'samples'))).toHaveLength(3);
  });

  test.each([
    ['truncated', (file: string) => truncateSync(file, statSync(file).size - 1)],
    ['cut in half', (file: string) => truncateSync(file, statSync(file).size >> 1)],
    ['empty', (file: string) => writeFileSync(file, '')],
    ['damaged in a sample', (file: string) => flipByte(file, 64 + 5 * 49152 + 100)],
    ['damaged in the checksums', (file: string) => flipByte(file, 64 + 30 * 49152 + 8)],
    ['damaged at its end', (file: string) => flipByte(file, statSync(file).size - 14)],
  ])('rebuilds a cache file that is %s', async (_, damage) => {
    const expected = batches(await images());
    for (const settings of [{}, beyond]) {
      damage(cacheFile());
      const again = await images(settings);
      expect(decodes()).toBe(2);
      expect(batches(again)).toEqual(expected);
      again.close!();
    }
  });

  test('throws if a cached sample is damaged during training, and rebuilds the cache on the next start', async () => {
    const source = await images(beyond);
    for (let slot = 0; slot < 30; slot++) flipByte(cacheFile(), 64 + slot * 49152 + 7);
    const file = cacheFile();
    expect(() => batches(source)).toThrow(/Sample \d+ of the cache file .+ Start or resume training/);
    expect(existsSync(file)).toBe(false);
    source.close!();
    const again = await images(beyond);
    expect(batches(again)).toHaveLength(10);
    again.close!();
  });

  test('leaves no file behind when aborted', async () => {
    const control = new AbortController();
    const onProgress = () => control.abort(new Error('enough'));
    await expect(images(beyond, { signal: control.signal, onProgress })).rejects.toThrow('enough');
    expect(readdirSync(path.join(folder, 'samples'))).toEqual([]);
  });

  test('without a writable cache, adds a note if the samples fit the budget, otherwise throws', async () => {
    writeFileSync(path.join(folder, 'samples'), 'in the way');
    const source = await images();
    expect(source.notes.at(-1)).toMatch(/^They could not be cached for the next run: .+/);
    const error = await failure(images(beyond));
    expect(error).toMatchObject({ code: 'cache-unwritable', path: ['data', 'memoryMiB'] });
    expect(error.message).toContain('set "data.memoryMiB" to 2');
    expect((await failure(images({ ...beyond, cache: 'memory' }))).message).toContain('or set "data.cache" to "auto"');
  });
});

test('arrays beyond the memory budget are cached in a file, smaller ones are not', async () => {
  const small = await open('cifar', { path: 'cifar/ten' }, { cacheFolder: folder });
  expect(existsSync(path.join(folder, 'samples'))).toBe(false);
  const batch = Buffer.concat(
    Array.from({ length: 400 }, () => readFileSync(path.join(fixtures, 'cifar/ten/data_batch_1.bin'))),
  );
  writeFileSync(path.join(folder, 'data_batch_1.bin'), batch);
  const large = await open('cifar', { path: folder, memoryMiB: 1 }, { cacheFolder: folder, workers: counted });
  expect(large.size).toBe(1200);
  expect([...large.labels!.classes.subarray(0, 6)]).toEqual([0, 1, 2, 0, 1, 2]);
  expect(new Set(large.labels!.classes)).toEqual(new Set(small.labels!.classes.subarray(0, 3)));
  const again = await open('cifar', { path: folder, memoryMiB: 1 }, { cacheFolder: folder, workers: counted });
  expect(again.labels).toEqual(large.labels);
  large.close!();
  again.close!();
});

test('the checksum detects a changed word, a truncated end and swapped words', () => {
  const bytes = Uint8Array.from({ length: 103 }, (_, i) => (i * 37) % 256);
  const sum = checksum(bytes);
  for (let i = 0; i < bytes.length; i++)
    expect(checksum(bytes.map((value, k) => (k === i ? value ^ 0x80 : value)))).not.toBe(sum);
  expect(checksum(bytes.subarray(0, 102))).not.toBe(sum);
  expect(checksum(bytes.toReversed())).not.toBe(sum);
  expect(checksum(new Uint8Array(4))).not.toBe(checksum(new Uint8Array(8)));
});

test('a cache file of another shape is not used', () => {
  const file = path.join(folder, 'a.samples');
  const writer = createCacheFile(file, 4, 10);
  writer.put(0, new Uint8Array(40).fill(9));
  writer.finish({ failures: [], notes: [] });
  expect(openCacheFile(file, 4, 11, true)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

test('eviction deletes only files unused for a month and files of dead processes', () => {
  const [key, day] = ['0'.repeat(32), 24 * 3600];
  const now = Date.now() / 1000;
  const names: Readonly<Record<string, number>> = {
    [`${key}.samples`]: now - 40 * day,
    [`${'1'.repeat(32)}.samples`]: now - day,
    [`${key}.samples.${os.hostname()}.999999999.tmp`]: now,
    [`${key}.samples.${os.hostname()}.${process.pid}.tmp`]: now,
    [`${key}.samples.elsewhere.999999999.tmp`]: now,
    'mine.txt': now - 400 * day,
  };
  for (const [name, time] of Object.entries(names)) {
    writeFileSync(path.join(folder, name), '');
    utimesSync(path.join(folder, name), time, time);
  }
  evictCache(folder);
  expect(readdirSync(folder).sort()).toEqual([1, 3, 4, 5].map((k) => Object.keys(names)[k]).sort());
});

test('the cache folder is set by the environment', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/earthmover');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(path.join(os.homedir(), '.cache/earthmover'));
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(path.join('/local', 'earthmover'));
});

function flipByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] ^= 0x40;
  writeFileSync(file, bytes);
}
