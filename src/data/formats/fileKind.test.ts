// Files of the wrong kind are named as what they are, with what to do, by every source that reads one file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failure, npyFile, open } from '../../../test/support/dataFixtures';
import { kindOfBytes } from './fileKind';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'kind-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const zip = (name: string) =>
  Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from(name), Buffer.alloc(99)]);
const tar = Buffer.alloc(1024);
tar.write('ustar', 257, 'latin1');

const samples: readonly (readonly [title: string, bytes: Buffer, advice: string])[] = [
  ['empty', Buffer.alloc(0), 'Download or save it again.'],
  ['a zip archive', zip('mnist/train-images'), 'Unpack it'],
  ['a NumPy archive (.npz)', zip('x_train.npy'), 'Set "data.source" to "npz".'],
  ['an Excel or Office file', zip('[Content_Types].xml'), 'Save it as CSV.'],
  ['a PyTorch file', zip('archive/data.pkl'), 'numpy.save'],
  ['a tar archive', tar, 'Unpack it'],
  ['a tar archive in a gzip file', gzipSync(tar), 'Unpack it'],
  ['a Python pickle', Buffer.from([0x80, 4, 0x95, 1, 2]), 'numpy.save'],
  ['an HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n\0\0', 'latin1'), 'numpy.save'],
  ['a MATLAB file', Buffer.from('MATLAB 5.0 MAT-file, Platform: GLNXA64'), 'scipy.io.loadmat'],
  [
    'a web page (HTML), perhaps',
    Buffer.from('<!DOCTYPE html><title>403 Forbidden</title>'),
    'Download the file again.',
  ],
  ['a web page (HTML), perhaps', Buffer.from('\n<html lang="en">'), 'Download the file again.'],
  [
    'a Git LFS pointer',
    Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n'),
    'git lfs pull',
  ],
  ['a HEIC image', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'Convert it to JPEG'],
  ['a 7-Zip archive', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]), 'Unpack it'],
  ['an xz file', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]), 'Unpack it'],
  ['a JSON file', Buffer.from('\n[[0.1, 0.2],\n [0.3, 0.4]]'), 'Save it as CSV.'],
  ['a JSON file', Buffer.from('{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n'), 'Save it as CSV.'],
  ['an ARFF file', Buffer.from('% Iris\n%\n@RELATION iris\n@data\n1,2\n'), 'Save it as CSV.'],
  ['a PNG image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'set "data.source" to "images"'],
];

test.each(samples)('%s is named, whatever source is to read it', async (title, bytes, advice) => {
  writeFileSync(path.join(folder, 'data'), bytes);
  for (const source of ['idx', 'cifar', 'npy', 'npz', 'points', 'lmdb'] as const) {
    if ((source === 'npz' && /zip|NumPy|Excel|PyTorch/.test(title)) || (source === 'points' && title === 'empty'))
      continue;
    const { message } = await failure(open(source, { path: 'data' }, { folder }));
    expect(message).toContain(`cannot be read: it is ${title}`);
    expect(message).toContain(advice);
  }
});

test('arrays, IDX files and databases name the source that reads them', async () => {
  const idx = Buffer.concat([Buffer.from([0, 0, 8, 3]), Buffer.alloc(20)]);
  expect(kindOfBytes(idx)).toMatchObject({ id: 'idx', advice: 'Set "data.source" to "idx".' });
  expect(kindOfBytes(gzipSync(idx))).toMatchObject({ id: 'gzip/idx', title: 'an IDX file in a gzip file' });
  const npy = npyFile([1], new Uint8Array(1));
  expect(kindOfBytes(npy)?.id).toBe('npy');
  expect(kindOfBytes(gzipSync(npy))).toMatchObject({
    id: 'gzip/npy',
    advice: expect.stringContaining('Unpack it') as string,
  });
  for (const text of ['x,y\n1,2\n', '1 2\n', '# numpy\n', '"a";"b"\n', '\ufeffx,y'])
    expect(kindOfBytes(Buffer.from(text))).toBeUndefined();
});
