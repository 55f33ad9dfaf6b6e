// Data that is a named pipe or a device, itself or behind a link: a DataError that names it, at once.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failure, open } from '../../../test/support/dataFixtures';
import { openByteStream } from './byteStream';
import { zipMembers } from './zip';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'special-'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [path.join(folder, 'pipe')]);
});
afterEach(() => rmSync(folder, { recursive: true }));

const sources = ['points', 'npy', 'npz', 'idx', 'cifar', 'lmdb'] as const;

describe.runIf(process.platform !== 'win32')('is refused by name', () => {
  describe.each([
    ['a named pipe', 'pipe'],
    ['a device', '/dev/zero'],
  ])('%s', (kind, target) => {
    test.each(sources)('as data of "%s"', async (source) => {
      symlinkSync(target, path.join(folder, 'link'));
      for (const name of [target, 'link'])
        expect(await failure(open(source, { path: name }, { folder }))).toMatchObject({
          code: 'bad-file',
          message: expect.stringContaining(`it is ${kind}, not an ordinary file`) as string,
        });
    });

    test('in a folder of data', async () => {
      mkdirSync(path.join(folder, 'data'));
      const names = ['a.png', 'train.bin', 'data.mdb', 'train-images-idx3-ubyte'];
      for (const name of names) symlinkSync(path.resolve(folder, target), path.join(folder, 'data', name));
      for (const source of ['images', 'idx', 'cifar', 'lmdb'] as const)
        expect((await failure(open(source, { path: 'data' }, { folder }))).message).toMatch(/[.?]$/);
    });

    test('below the sources', async () => {
      const file = path.resolve(folder, target);
      await expect(openByteStream(file).read(1)).rejects.toThrow(kind);
      await expect(zipMembers(file)).rejects.toThrow(kind);
    });
  });
});
