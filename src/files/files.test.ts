import fs from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openAppender } from './append';
import { copyFolder } from './copy';
import { readAt, readAtAsync, writeAll, writeAllAsync } from './readWrite';
import { replaceFile } from './replace';

let folder: string;
beforeEach(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

test('bytes are written and read at a position; a read at the end of the file returns fewer', async () => {
  const file = path.join(folder, 'bytes');
  const fd = fs.openSync(file, 'w+');
  writeAll(fd, Buffer.from('hello'), null);
  writeAll(fd, Buffer.from('p'), 3);
  expect(readAt(fd, 3, 1).toString()).toBe('elp');
  expect(readAt(fd, 9, 2).toString()).toBe('lpo');
  fs.closeSync(fd);
  const handle = await open(file, 'r+');
  await writeAllAsync(handle, Buffer.from('J'), 0);
  expect((await readAtAsync(handle, 9, 0)).toString()).toBe('Jelpo');
  expect((await readAtAsync(handle, 2, 5)).toString()).toBe('');
  const read = vi.spyOn(handle, 'read');
  expect((await readAtAsync(handle, 9, 0, 5)).toString()).toBe('Jelpo');
  expect(read).toHaveBeenCalledTimes(1);
  // The disk says 0 of a file in /proc, and the size may be that of a moment ago.
  for (const size of [0, 2]) expect((await readAtAsync(handle, 9, 0, size)).toString()).toBe('Jelpo');
  await handle.close();
});

test.each([{ sync: false }, { sync: true }])('replacing a file leaves no other file behind (%j)', (options) => {
  const file = path.join(folder, 'a.json');
  replaceFile(file, 'old', options);
  replaceFile(file, Buffer.from('new'), options);
  expect(fs.readFileSync(file, 'utf8')).toBe('new');
  expect(fs.readdirSync(folder)).toEqual(['a.json']);
});

test('a file that cannot be replaced is unchanged', () => {
  fs.mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
  expect(() => replaceFile(path.join(folder, 'a'), 'x')).toThrow();
  expect(fs.readdirSync(folder)).toEqual(['a']);
});

test('text is appended, and the file is created if missing', () => {
  const file = path.join(folder, 'log.txt');
  for (const line of ['one\n', 'two\n']) {
    const log = openAppender(file);
    log.append(line);
    log.close();
  }
  expect(fs.readFileSync(file, 'utf8')).toBe('one\ntwo\n');
});

test('a folder is copied with what is in it, without temporary files', async () => {
  const [from, to] = ['from', 'to'].map((name) => path.join(folder, name));
  fs.mkdirSync(path.join(from, 'inner'), { recursive: true });
  fs.writeFileSync(path.join(from, 'a'), 'one');
  fs.writeFileSync(path.join(from, 'b.1234.tmp'), 'half');
  fs.writeFileSync(path.join(from, 'inner', 'c'), 'two');
  await copyFolder(from, to);
  expect(fs.readdirSync(to, { recursive: true }).map(String).sort()).toEqual(['a', 'inner', path.join('inner', 'c')]);
  expect(fs.readFileSync(path.join(to, 'inner', 'c'), 'utf8')).toBe('two');
});

test.runIf(process.platform !== 'win32')('a link in a folder is an error, not copied', async () => {
  const [from, to] = ['from', 'to'].map((name) => path.join(folder, name));
  fs.mkdirSync(from);
  fs.symlinkSync('/etc/hostname', path.join(from, 'a'));
  await expect(copyFolder(from, to)).rejects.toThrow(/it is a link/);
  expect(fs.readdirSync(to)).toEqual([]);
});
