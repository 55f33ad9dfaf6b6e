// Archives of NumPy arrays.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from '../../shared/crc32';
import { expect, it, onTestFinished } from 'vitest';
import { npyFile } from '../../../test/support/dataFixtures';
import { readNpyMembers } from '../../../test/support/npz';
import { encodeNpz } from './npz';

it('have the arrays, with headers as NumPy writes them and correct checksums', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-npz-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const arrays = {
    samples: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -6) },
    seeds: { shape: [2], data: Int32Array.of(7, -8) },
  };
  const bytes = encodeNpz(arrays);
  const file = path.join(folder, 'a.npz');
  writeFileSync(file, bytes);
  expect(readNpyMembers(file)).toEqual(arrays);
  const npy = npyFile([2, 3], arrays.samples.data);
  const at = bytes.indexOf(npy);
  expect(at).toBe(30 + 'samples.npy'.length);
  expect(bytes.readUInt32LE(14)).toBe(crc32(npy));
});
