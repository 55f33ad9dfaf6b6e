// Paths of data: relative, in the home folder, names of data sets, pipes and devices, and incomplete downloads.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { failure, open } from '../../test/support/dataFixtures';
import { datasets } from '../catalog';
import { resolveDataPath } from './resolveDataPath';
import type { DataContext } from './dataSource';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'paths-'));
  return () => rmSync(folder, { recursive: true });
});
const resolve = (written: string, source = 'idx') =>
  resolveDataPath(source, written, { folder, cacheFolder: path.join(folder, 'cache') } as DataContext);

test('"~" is the home folder', async () => {
  vi.spyOn(os, 'homedir').mockReturnValue(path.join(folder, 'home'));
  mkdirSync(path.join(folder, 'home/data'), { recursive: true });
  writeFileSync(path.join(folder, 'home/data/p.csv'), '1,2\n');
  expect(await resolve('~/data')).toEqual({ path: path.join(folder, 'home/data'), isFolder: true });
  expect((await open('points', { path: '~/data/p.csv' }, { folder })).size).toBe(1);
  mkdirSync(path.join(folder, '~x'));
  expect(await resolve('~x')).toEqual({ path: path.join(folder, '~x'), isFolder: true });
  vi.restoreAllMocks();
});

test.each(['MNIST', 'Fashion-MNIST', 'FashionMNIST', 'fashion_mnist'])(
  '%s suggests the name of the data set',
  async (name) => {
    const { message } = await failure(resolve(name));
    expect(message).toContain(
      `For the data set of that name set "data.path" to "${name === 'MNIST' ? 'mnist' : 'fashion-mnist'}"`,
    );
  },
);

test.each([
  ['photos/*.jpg', 'Wildcards are not expanded: set "data.path" to a folder'],
  ['photos/{a,b}', 'Wildcards are not expanded'],
  ['https://example.org/a.csv', 'Training reads files of this machine only: download the data'],
  ['s3://bucket/a', 'Training reads files of this machine only'],
  ['file:///data/a', 'Write the path without "file:".'],
  ['$HOME/a.csv', 'Variables are not expanded in "data.path"; "~" is the home folder.'],
  ['%USERPROFILE%/a.csv', 'Variables are not expanded'],
  [' a.csv', 'The path begins or ends with a space'],
  ['a.csv', 'Correct "data.path"; relative paths start at the folder of the experiment file.'],
])('a missing path is explained by how it is written: %s', async (written, advice) => {
  expect((await failure(resolve(written))).message).toContain(advice);
});

test.runIf(process.platform !== 'win32')('paths of Windows are named as such', async () => {
  expect((await failure(resolve('C:\\Users\\me'))).message).toContain('This is a path of Windows');
  expect((await failure(resolve('data\\a.csv'))).message).toContain('Separate folders by "/": "data/a.csv".');
});

test.runIf(process.platform !== 'win32')('pipes and devices are refused at once, by every source', async () => {
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  for (const source of ['points', 'idx', 'cifar', 'npy', 'npz', 'lmdb'] as const) {
    for (const [file, kind] of [
      ['pipe', 'a named pipe'],
      ['/dev/zero', 'a device'],
    ]) {
      const error = await failure(open(source, { path: file }, { folder }));
      expect(error.message).toContain(`it is ${kind}, not an ordinary file`);
    }
  }
});

test('a download that is not complete is not read, until it is', async () => {
  const cache = path.join(folder, 'cache/datasets/mnist');
  mkdirSync(cache, { recursive: true });
  const files = datasets.mnist.files.map(({ url, size }) => ({ file: path.join(cache, path.basename(url)), size }));
  writeFileSync(path.join(cache, 'train-images-idx3-ubyte.gz.part'), 'x');
  expect((await failure(resolve('mnist'))).message).toContain(
    'train-images-idx3-ubyte.gz is missing. Continue it with: earthmover download mnist',
  );
  for (const { file, size } of files) {
    writeFileSync(file, '');
    truncateSync(file, size);
  }
  truncateSync(files[0].file, 5000);
  const error = await failure(resolve('mnist'));
  expect(error.code).toBe('not-downloaded');
  expect(error.message).toContain('train-images-idx3-ubyte.gz has 5000 of 9912422 bytes');
  truncateSync(files[0].file, files[0].size);
  expect(await resolve('mnist')).toEqual({ path: cache, isFolder: true });
});

test('an archive that was not unpacked to its end is not read', async () => {
  const cache = path.join(folder, 'cache/datasets/cifar-10');
  mkdirSync(cache, { recursive: true });
  for (const name of Object.values(datasets['cifar-10'].unpack)) writeFileSync(path.join(cache, name), 'x');
  expect((await failure(resolve('cifar-10', 'cifar'))).message).toContain('complete is missing');
  writeFileSync(path.join(cache, 'complete'), 'url\n');
  expect(await resolve('cifar-10', 'cifar')).toMatchObject({ isFolder: true });
});
