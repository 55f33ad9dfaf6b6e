// Points of text files and arrays: what is read, what is ignored, and invalid lines with their numbers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failure, fixtures, open } from '../../../test/support/dataFixtures';
import type { DataConfig } from '../../catalog';
import type { DataSource } from '../index';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'points-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string | Buffer, given: Partial<DataConfig<'points'>> = {}) => {
  writeFileSync(path.join(folder, 'p.csv'), text);
  return open('points', { path: 'p.csv', ...given }, { folder });
};
const points = (source: DataSource, from: 'batch' | 'validationBatch' = 'batch') => {
  const out = new Float32Array(2 * (from === 'batch' ? source.size : source.validationSize));
  source[from]({ seed: 1, stream: 'data', step: 0 }, out);
  return Array.from({ length: out.length / 2 }, (_, i) => [out[2 * i], out[2 * i + 1]]).sort((a, b) => a[0] - b[0]);
};
const three = [
  [-1, 0.5],
  [2, 3000],
  [4.5, -0.25],
];

describe('a text file of points', () => {
  test.each([
    ['commas and a header', 'x,y\n-1,0.5\n2,3e3\n4.5,-.25\n'],
    ['semicolons, quotes, Windows line ends', '\ufeff"x";"y"\r\n"-1";"0.5"\r\n2;+3.0E3\r\n4.5;-0.25'],
    ['tabs', '-1\t0.5\n2\t3000\n4.5\t-0.25'],
    ['spaces as numpy.savetxt writes them', '# x y\n-1.0e+00 5.0e-01\n\n 2 3000 \n4.5   -0.25\n'],
    ['Mac line ends', '-1,0.5\r2,3000\r4.5,-0.25\r'],
  ])('is read with %s', async (_, text) => expect(points(await read(text))).toEqual(three));

  test('gives a note that quotes its header, and points can be held out', async () => {
    const source = await read('a,b\n1,2\n3,4\n5,6\n7,8\n', { validation: 0.5 });
    expect(source).toMatchObject({ shape: [2], size: 2, validationSize: 2 });
    expect(source.notes).toEqual(['4 points of "p.csv"; 2 points held out.', 'Line 1 was read as a header: "a,b".']);
    expect([...points(source), ...points(source, 'validationBatch')].sort((a, b) => a[0] - b[0])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  test.each([
    ['1,2\n3,four\n', 'line 2 has no finite number as value 2: "3,four"'],
    ['1,2\nnan,4\n', 'line 2 has no finite number as value 1'],
    ['1,2\n\n#\n3\n', 'line 4 has one value, but a point has two'],
    ['1,2,3\n', 'line 1 has 3 values, but a point has two'],
    ['1,2\nx,y\n', 'line 2 has no finite number'],
    ['1,5;2,5\n', 'line 1 has no finite number as value 1'],
    ['1,1e999\n', 'line 1 has no finite number as value 2'],
    ['1,-4e38\n', 'line 1 has a value 2 that exceeds the largest float32 number'],
    [`1,2\n${'9'.repeat(100_000)}\n`, 'line 2 has one value'],
    ['1,0x10\n', 'line 1 has no finite number as value 2'],
  ])('with an invalid line is rejected (case %#)', async (text, message) => {
    const error = await failure(read(text));
    expect(error).toMatchObject({ code: 'bad-file', path: ['data', 'onError'] });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(300);
  });

  test('has invalid lines skipped, named and counted if requested', async () => {
    const source = await read('1,2\noops\n3,4\n5,\n', { onError: 'skip' });
    expect(source.size).toBe(2);
    expect(source.notes.at(-1)).toMatch(
      /^2 lines skipped: line 2 has one value, .+: "oops", line 4 has no finite number as value 2: "5,"\.$/,
    );
    expect((await failure(read('oops\n', { onError: 'skip' }))).message).toContain('line 1 has one value');
    expect((await failure(read(''))).message).toContain('it is empty');
  });

  test('is split at the given delimiter', async () => {
    expect((await failure(read('1;2\n', { delimiter: 'comma' }))).message).toContain('has one value');
    expect(points(await read('1 2\n', { delimiter: 'space' }))).toEqual([[1, 2]]);
  });

  test('that is binary is an error, not a crash', async () => {
    for (const bytes of [
      Buffer.alloc(100_000),
      Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >> 3)),
    ]) {
      expect((await failure(read(bytes))).code).toBe('bad-file');
    }
  });
});

test('standardized points have mean 0 and variance 1, and the original values are in the notes', async () => {
  const source = await read('0,10\n2,10\n4,40\n', { standardize: true });
  const found = points(source);
  for (const axis of [0, 1]) {
    expect(found.reduce((sum, point) => sum + point[axis], 0)).toBeCloseTo(0, 6);
    expect(found.reduce((sum, point) => sum + point[axis] ** 2, 0) / 3).toBeCloseTo(1, 6);
  }
  expect(source.notes[1]).toBe(
    'Standardized: mean (2, 20) and standard deviation (1.63299, 14.1421) were scaled to 0 and 1.',
  );
  const error = await failure(read('1,2\n1,3\n', { standardize: true }));
  expect(error).toMatchObject({ code: 'bad-setting', path: ['data', 'standardize'] });
});

describe('NumPy files', () => {
  const numpy = (name: string, given: Partial<DataConfig<'points'>> = {}) =>
    open('points', { path: `numpy/${name}`, ...given }, { folder: fixtures });

  test('are read as an array of points, or as text written by numpy.savetxt', async () => {
    expect((await failure(numpy('points.npy'))).message).toContain(
      'row 2 is (Infinity, 0), not two finite float32 numbers',
    );
    const skipped = await numpy('points.npy', { onError: 'skip' });
    expect(points(skipped)).toEqual([
      [0.5, -1],
      [1, 1],
      [2, 3],
    ]);
    expect(points(await numpy('points.txt'))).toEqual([
      [0.5, -1],
      [1, 1],
      [2, 3],
    ]);
    expect((await failure(numpy('records.npy'))).message).toMatch(
      /several fields, not plain numbers\. Save the array again with/,
    );
    expect((await failure(numpy('u1.npy'))).message).toContain('its shape is (5, 4, 4, 3), but points need [N, 2]');
  });
});
