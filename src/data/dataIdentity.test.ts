// The identity of data: equal for equal files wherever they are, different after any change, cheap for large ones.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { dataDifference, identifyData } from './dataIdentity';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'identity-'));
  mkdirSync(path.join(folder, 'a'));
  for (const [i, name] of ['x.png', 'y.png', 'z.png'].entries()) writeFileSync(at(name), Buffer.alloc(100 + i, i));
  return () => rmSync(folder, { recursive: true });
});
const at = (name: string, inside = 'a') => path.join(folder, inside, name);
const identify = (names: readonly string[] = ['x.png', 'y.png', 'z.png'], inside = 'a') =>
  identifyData(names.map((name) => ({ name, path: at(name, inside) })));

test('is the same for a copy elsewhere with other times, and null for generated data', async () => {
  const before = await identify();
  cpSync(path.join(folder, 'a'), path.join(folder, 'b'), { recursive: true });
  utimesSync(at('x.png', 'b'), 1, 1);
  expect(await identify(undefined, 'b')).toEqual(before);
  expect(dataDifference(JSON.parse(JSON.stringify(before)), await identify())).toBeUndefined();
  expect(await identifyData(undefined)).toBeNull();
  expect(dataDifference(undefined, before)).toBeUndefined(); // a run of an older version
});

test.each([
  [
    'a changed byte',
    () => writeFileSync(at('y.png'), Buffer.alloc(101, 9)),
    /^has other content in files of the same size$/,
  ],
  [
    'a longer file',
    () => writeFileSync(at('y.png'), Buffer.alloc(150)),
    /^has 352 bytes instead of 303; changed: y\.png$/,
  ],
  ['a file that is missing', () => rmSync(at('z.png')), /bytes instead of 303; changed: z\.png/],
])('shows %s', async (_, change, message) => {
  const before = await identify();
  change();
  expect(dataDifference(before, await identify())).toMatch(message);
});

test('shows other files', async () => {
  const before = await identify();
  renameSync(at('z.png'), at('zz.png'));
  expect(dataDifference(before, await identify(['x.png', 'y.png', 'zz.png']))).toBe('has missing: z.png; new: zz.png');
  expect(dataDifference(before, await identify(['x.png', 'y.png']))).toBe(
    'has 2 files instead of 3; 201 bytes instead of 303; missing: z.png',
  );
});

test('reads parts of large files, and notices a change at either end', async () => {
  truncateSync(at('x.png'), 1 << 30); // a hole of zeros
  const before = await identify();
  expect(before).toMatchObject({ complete: false, bytes: (1 << 30) + 203 });
  for (const position of [0, (1 << 30) - 1]) {
    const file = openSync(at('x.png'), 'r+');
    writeSync(file, Buffer.from([1]), 0, 1, position);
    expect(dataDifference(before, await identify())).toBe('has other content in files of the same size');
    writeSync(file, Buffer.from([0]), 0, 1, position);
    closeSync(file);
  }
});
