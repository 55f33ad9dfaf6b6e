// Files of every kind: ordinary ones are opened, others are refused at once, and nothing goes through a link.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAppender } from './append';
import { makeFolder, namesIn, removeFile, withoutLinks } from './folder';
import { openOrdinary, openOrdinaryAsync, readOrdinary, readOrdinaryAsync, type FileMode } from './ordinaryFile';
import { replaceFile } from './replace';

let root: string;
beforeEach(() => void (root = fs.mkdtempSync(path.join(os.tmpdir(), 'ordinary-'))));
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (name: string): string => path.join(root, name);
const posix = process.platform !== 'win32';

/** Makes a file of a kind and returns its path. */
const kinds: Record<string, () => string | Promise<string>> = {
  'a named pipe': () => {
    execFileSync('mkfifo', [at('pipe')]);
    return at('pipe');
  },
  'a device': () => '/dev/zero',
  'a socket': async () => {
    const server = net.createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    server.unref();
    return at('socket');
  },
};

describe.runIf(posix)('what is no ordinary file is refused at once', () => {
  const modes: FileMode[] = ['read', 'update', 'append'];
  test.each(Object.keys(kinds))('%s, and a link to one', async (kind) => {
    const file = await kinds[kind]();
    fs.symlinkSync(file, at('link'));
    for (const mode of modes) {
      const problem = `it is ${kind}, not an ordinary file`;
      expect(() => openOrdinary(file, mode)).toThrow(problem);
      await expect(openOrdinaryAsync(file, mode)).rejects.toThrow(problem);
      expect(() => openOrdinary(at('link'), mode, 'follow')).toThrow(problem);
      await expect(openOrdinaryAsync(at('link'), mode, 'follow')).rejects.toThrow(problem);
    }
    expect(() => readOrdinary(file, 10)).toThrow('not an ordinary file');
    await expect(readOrdinaryAsync(at('link'), 10, 'follow')).rejects.toThrow('not an ordinary file');
  });

  test('a folder', () => {
    expect(() => openOrdinary(root)).toThrow('it is a folder, not a file');
  });

  test('a pipe that takes the place of a file between the check and the opening does not block', () => {
    execFileSync('mkfifo', [at('pipe')]);
    fs.writeFileSync(at('file'), 'x');
    const file = fs.lstatSync(at('file'));
    const stat = vi.spyOn(fs, 'lstatSync').mockReturnValue(file);
    expect(() => openOrdinary(at('pipe'))).toThrow('it is a named pipe');
    stat.mockRestore();
  });
});

describe.runIf(posix)('a link', () => {
  test('is followed only on request', async () => {
    fs.writeFileSync(at('file'), 'content');
    fs.symlinkSync(at('file'), at('link'));
    expect(() => readOrdinary(at('link'), 10)).toThrow('it is a link, not an ordinary file');
    await expect(readOrdinaryAsync(at('link'), 10)).rejects.toThrow('it is a link');
    expect(readOrdinary(at('link'), 10, 'follow').toString()).toBe('content');
    expect((await readOrdinaryAsync(at('link'), 10, 'follow')).toString()).toBe('content');
  });

  test.each(['dangling', 'existing'])('is neither appended to nor written through: %s', (target) => {
    if (target === 'existing') fs.writeFileSync(at('target'), 'mine');
    fs.symlinkSync(at('target'), at('log.txt'));
    expect(() => openAppender(at('log.txt'))).toThrow('it is a link');
    replaceFile(at('log.txt'), 'new');
    expect(fs.readFileSync(at('log.txt'), 'utf8')).toBe('new');
    expect(namesIn(root)).toEqual(target === 'existing' ? ['log.txt', 'target'] : ['log.txt']);
    if (target === 'existing') expect(fs.readFileSync(at('target'), 'utf8')).toBe('mine');
  });

  test('among the folders of a path is refused', () => {
    fs.mkdirSync(at('a/b'), { recursive: true });
    fs.symlinkSync(at('a'), at('link'));
    expect(withoutLinks(root, 'a', 'b', 'missing')).toBe(at('a/b/missing'));
    expect(() => withoutLinks(root, 'link', 'b')).toThrow('it is a link, not a folder');
  });

  test('is removed, and its target stays', () => {
    fs.mkdirSync(at('folder'));
    fs.symlinkSync(at('folder'), at('link'));
    expect([removeFile(at('link')), removeFile(at('link')), namesIn(root)]).toEqual([true, false, ['folder']]);
    expect(() => removeFile(at('folder'))).toThrow();
  });
});

test.each([0, 1, 99, 100, 70_000])('a file of %i bytes is read up to the limit, and no further', async (size) => {
  fs.writeFileSync(at('file'), Buffer.alloc(size, 7));
  expect(readOrdinary(at('file'), size).equals(Buffer.alloc(size, 7))).toBe(true);
  expect((await readOrdinaryAsync(at('file'), size + 1)).byteLength).toBe(size);
  if (size === 0) return;
  expect(() => readOrdinary(at('file'), size - 1)).toThrow(`it has more than ${size - 1} bytes`);
  await expect(readOrdinaryAsync(at('file'), size - 1)).rejects.toThrow(`it has more than ${size - 1} bytes`);
});

test.runIf(process.platform === 'linux')('the bytes that are read count, not the size that is reported', async () => {
  expect(fs.statSync('/proc/self/maps').size).toBe(0);
  expect(readOrdinary('/proc/self/maps', 1 << 26).byteLength).toBeGreaterThan(1000);
  expect(() => readOrdinary('/proc/self/maps', 1000)).toThrow('it has more than 1000 bytes');
  await expect(readOrdinaryAsync('/proc/self/maps', 1000)).rejects.toThrow('it has more than 1000 bytes');
});

describe('makeFolder', () => {
  test('creates the folders above, and does nothing if it exists', () => {
    makeFolder(at('a/b/c'));
    makeFolder(at('a/b/c'));
    expect(namesIn(at('a/b'))).toEqual(['c']);
    expect(namesIn(at('missing'))).toEqual([]);
  });

  test('names a file, and a link to nothing, in its way', () => {
    fs.writeFileSync(at('file'), '');
    expect(() => makeFolder(at('file'))).toThrow('it is a file, not a folder');
    expect(() => makeFolder(at('file/a'))).toThrow('ENOTDIR');
    if (!posix) return;
    fs.symlinkSync(at('missing'), at('link'));
    expect(() => makeFolder(at('link'))).toThrow('it is a link to something that does not exist');
    expect(() => makeFolder(at('link/a'))).toThrow('it is a link to something that does not exist');
  });

  test.runIf(process.platform === 'linux')('ends where folders never come to exist', () => {
    expect(() => makeFolder('/proc/x/y')).toThrow('no folder can be created there');
  });
});
