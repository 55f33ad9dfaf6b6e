// Archives that NumPy wrote, and invalid ones.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { copyOfFixtures, epoch, failure, imagesOf, open } from '../../../../test/support/dataFixtures';
import type { DataConfig } from '../../../catalog';

const folder = copyOfFixtures();
const npz = (name: string, given: Partial<DataConfig<'npz'>> = {}) =>
  open('npz', { path: `numpy/${name}.npz`, ...given }, { folder: folder.path });

test('reads stored and compressed arrays, with their classes', async () => {
  const plain = await npz('plain');
  expect(epoch(plain)).toEqual(imagesOf(5, 4, 4, 3));
  expect([...plain.labels!.classes]).toEqual([3, 1, 4, 1, 5]);
  expect(plain.notes[0]).toBe('5 images of "images" in "numpy/plain.npz", as 4 x 4 x 3.');
  const compressed = await npz('packed');
  expect(epoch(compressed)).toEqual(imagesOf(5, 4, 4, 3));
  expect([...compressed.labels!.classes]).toEqual([2, 7, 1, 8, 2]);
});

test('needs the name of the array if several could be images', async () => {
  expect((await failure(npz('two'))).message).toMatch(/several arrays .* "a" \(5, 4, 4, 3\), "b" \(2, 4, 4, 3\)/);
  expect((await npz('two', { array: 'b' })).size).toBe(2);
  const error = await failure(npz('two', { array: 'c' }));
  expect(error).toMatchObject({ path: ['data', 'array'] });
});

test('rejects a truncated file and a file that is no archive', async () => {
  truncateSync(folder.file('numpy/plain.npz'), 300);
  expect((await failure(npz('plain'))).message).toContain('its directory is missing');
  writeFileSync(folder.file('numpy/plain.npz'), 'hello');
  expect((await failure(npz('plain'))).message).toContain('it is not a zip archive');
});

test.each([
  ['plain', 'a value', (bytes: Buffer) => bytes.indexOf('NUMPY') + 200],
  ['packed', 'the checksum', (bytes: Buffer) => bytes.lastIndexOf('x.npy') - 46 + 16],
])('refuses an archive whose values do not have their checksum: %s, %s changed', async (name, _, position) => {
  const file = folder.file(`numpy/${name}.npz`);
  const bytes = readFileSync(file);
  bytes[position(bytes)] ^= 1;
  writeFileSync(file, bytes);
  const { message } = await failure(npz(name));
  const problem = 'is damaged: its checksum is not the one in the archive. Download or save it again.';
  expect(message).toContain(problem);
});
