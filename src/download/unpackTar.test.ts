// Archives made with tar-stream: the named files are unpacked and nothing else, or nothing at all.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { tarGz } from '../../test/support/tarGz';
import { unpackTar } from './unpackTar';

let folder: string;
let archive: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'unpack-'));
  archive = path.join(folder, 'a.tar.gz');
  return () => rm(folder, { recursive: true });
});

async function write(entries: Readonly<Record<string, string>>): Promise<Buffer> {
  const bytes = await tarGz(entries, 'd/link.bin');
  writeFileSync(archive, bytes);
  return bytes;
}
const out = () => path.join(folder, 'out');
const unpack = (files: Record<string, string>, maxBytes = 100) => unpackTar(archive, out(), { files, maxBytes });

test('unpacks the named files under their new names and ignores all others', async () => {
  await write({ 'd/a.bin': 'one', '../../evil': 'no', 'd/b.bin': 'two', 'big.bin': 'x'.repeat(10_000) });
  await unpack({ 'd/a.bin': 'a.bin', 'd/b.bin': 'renamed.bin' });
  expect(readdirSync(out()).sort()).toEqual(['a.bin', 'renamed.bin']);
  expect(readFileSync(path.join(out(), 'renamed.bin'), 'utf8')).toBe('two');
  expect(readdirSync(folder).sort()).toEqual(['a.tar.gz', 'out']);
});

test.each([
  ['a file is missing', { 'd/c.bin': 'c' }, 'd/c.bin is missing'],
  ['a file is a link', { 'd/link.bin': 'c' }, 'd/link.bin is missing'],
  ['a file is too large', { 'd/a.bin': 'a', 'big.bin': 'b' }, 'big.bin has 10000 bytes'],
])('keeps nothing if %s', async (_, files, message) => {
  await write({ 'd/a.bin': 'one', 'big.bin': 'x'.repeat(10_000) });
  await expect(unpack(files as Record<string, string>)).rejects.toThrow(message);
  expect(readdirSync(out())).toEqual([]);
});

test('reports a damaged archive and leaves nothing behind', async () => {
  const bytes = await write({ 'd/a.bin': 'one', 'd/b.bin': 'x'.repeat(5000) });
  writeFileSync(archive, bytes.subarray(0, bytes.length - 20));
  await expect(unpack({ 'd/a.bin': 'a', 'd/b.bin': 'b' }, 9999)).rejects.toThrow('cannot be unpacked: ');
  writeFileSync(archive, 'no archive');
  await expect(unpack({ 'd/a.bin': 'a' })).rejects.toThrow(`The archive ${archive} cannot be unpacked: `);
  expect(readdirSync(out())).toEqual([]);
  await expect(
    unpackTar(path.join(folder, 'absent.tar.gz'), out(), { files: { a: 'a' }, maxBytes: 9 }),
  ).rejects.toThrow('absent');
});
