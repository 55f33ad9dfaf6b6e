// LMDB databases that liblmdb wrote: every value in key order; damage loses only the affected values.
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { epoch, failure, fixtures, open } from '../../../test/support/dataFixtures';
import { createTaskWorkers } from '../../../test/support/taskWorkers';
import type { DataConfig } from '../../catalog';
import { readLmdb } from './lmdbReader';

const workers = createTaskWorkers();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lmdb-'));
  cpSync(path.join(fixtures, 'lmdb'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => path.join(folder, name, 'data.mdb');
const lmdb = (given: Partial<DataConfig<'lmdb'>> = {}) =>
  open('lmdb', { path: 'small', size: 16, ...given }, { folder, workers });

test('finds all values, in nodes and on overflow pages, sorted by key', async () => {
  const bytes = readFileSync(file('small'));
  const { values, damaged } = await readLmdb(file('small'), Infinity);
  expect(damaged).toEqual([]);
  expect(values.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4].map((i) => `000${i}${'abcdef0123456789'.repeat(2)}`));
  const formats: (string | undefined)[] = [];
  for (const { at, length } of values) formats.push((await sharp(bytes.subarray(at, at + length)).metadata()).format);
  expect(formats).toEqual(['webp', 'png', 'jpeg', 'png', 'png']);
  expect(values[3].length).toBeGreaterThan(8192);
});

test('finds the values of a tree of several levels with deleted keys', async () => {
  const { values, damaged } = await readLmdb(file('deep'), Infinity);
  expect(damaged).toEqual([]);
  const expected = Array.from({ length: 300 }, (_, i) => i).filter((i) => i % 7 !== 0);
  expect(values.map(({ key }) => Number(key.slice(0, 4)))).toEqual(expected);
  expect((await readLmdb(file('deep'), 10)).values.map(({ key }) => Number(key.slice(0, 4)))).toEqual(
    expected.slice(0, 10),
  );
  expect(await readLmdb(file('empty'), Infinity)).toEqual({ values: [], damaged: [] });
});

test('decodes values, names those that cannot be decoded, and stops at the limit', async () => {
  const source = await lmdb();
  expect(source).toMatchObject({ shape: [16, 16, 3], size: 5 });
  expect(source.notes[0]).toBe('5 images of the database "small", as 16 x 16 x 3 (crop, lanczos).');
  expect(epoch(source)[0].slice(0, 3)).toEqual([0, 0, 255]);
  expect((await lmdb({ limit: 2 })).size).toBe(2);
  expect((await lmdb({ path: 'small/data.mdb' })).size).toBe(5);

  const bytes = readFileSync(file('small'));
  const { values } = await readLmdb(file('small'), Infinity);
  bytes.fill(0, values[1].at, values[1].at + 20);
  writeFileSync(file('small'), bytes);
  const rest = await lmdb();
  expect(rest.size).toBe(4);
  expect(rest.notes[1]).toMatch(/^1 image skipped: "0001abcdef[0-9a-f]+" \(.+\)\.$/);
  expect((await failure(lmdb({ onError: 'fail' }))).message).toContain('"0001abcdef');
});

test('reports damaged and truncated pages, and reads the others', async () => {
  const whole = (await readLmdb(file('deep'), Infinity)).values.length;
  const bytes = readFileSync(file('deep'));
  bytes.fill(0xff, 10 * 4096, 10 * 4096 + 12); // the header of a page
  writeFileSync(file('deep'), bytes);
  const { values, damaged } = await readLmdb(file('deep'), Infinity);
  expect(values.length).toBeGreaterThan(whole / 2);
  expect(values.length + damaged.length).toBeLessThanOrEqual(whole);
  truncateSync(file('deep'), 12 * 4096);
  expect((await readLmdb(file('deep'), Infinity)).damaged.length).toBeGreaterThan(0);
});

test.each([
  ['absent', () => {}, 'The file or folder "absent" does not exist'],
  ['deep', () => rmSync(file('deep')), 'it has no data.mdb'],
  ['empty', () => {}, 'it is empty'],
  ['small', () => writeFileSync(file('small'), 'hello'), 'it does not begin like an LMDB database'],
  ['small', () => patch(20, 2), 'its format version is 2, but only version 1 (LMDB 0.9) is supported'],
  ['small', () => patch(40, 5000), 'its pages claim 5000 bytes'],
])('%s: throws an error with the reason (%#)', async (name, change, message) => {
  change();
  const error = await failure(lmdb({ path: name }));
  expect(error.path).toEqual(['data', 'path']);
  expect(error.message).toContain(message);
});

/** Changes a word of both meta pages. */
function patch(at: number, value: number): void {
  const bytes = readFileSync(file('small'));
  for (const page of [0, 4096]) bytes.writeUInt32LE(value, page + at);
  writeFileSync(file('small'), bytes);
}
