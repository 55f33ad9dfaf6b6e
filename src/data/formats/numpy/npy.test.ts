// Arrays that NumPy wrote: every type, axis order and range, and invalid files.
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { copyOfFixtures, epoch, failure, imagesOf, inOrder, open } from '../../../../test/support/dataFixtures';
import type { DataConfig } from '../../../catalog';

const folder = copyOfFixtures();
const npy = (name: string, given: Partial<DataConfig<'npy'>> = {}) =>
  open('npy', { path: `numpy/${name}.npy`, ...given }, { folder: folder.path });
const color = imagesOf(5, 4, 4, 3);

test.each(['u1', 'fortran', 'f2', 'f4', 'big-f4', 'f8', 'big-f8'])('reads the values of %s', async (name) => {
  expect(epoch(await npy(name))).toEqual(color);
});

test.each(['i1', 'u2', 'big-u2', 'i2', 'i4', 'big-i4', 'u4', 'i8', 'u8'])(
  'reads whole numbers up to 127 from %s',
  async (name) => {
    const source = await npy(name);
    expect(epoch(source)).toEqual(color.map((image) => image.map((value) => value >> 1)).sort(inOrder));
    expect(source.notes).toContain('Values from 0 to 255 become −1 to 1.');
  },
);

test('reads other axis orders and ranges', async () => {
  expect(epoch(await npy('channels-first', { layout: 'channels-first' }))).toEqual(color);
  expect((await failure(npy('channels-first'))).message).toContain('set "data.layout" to "channels-first"');
  expect(epoch(await npy('flat'))).toEqual(imagesOf(5, 4, 4, 1));
  const signed = await npy('signed-range');
  expect(epoch(signed)).toEqual(color);
  expect(signed.notes).toContain('Values from -1 to 1 become −1 to 1.');
  const black = epoch(await npy('u1', { low: 100, high: 200 }));
  expect(black).toEqual(
    color
      .map((image) => image.map((value) => Math.round(Math.max(0, Math.min(255, (value - 100) * 2.55)))))
      .sort(inOrder),
  );
  expect((await failure(npy('u1', { low: 300 }))).message).toContain(
    '"data.low" (300) must be less than "data.high" (255)',
  );
  expect(new Set(epoch(await npy('bool')).flat())).toEqual(new Set([0, 255]));
});

test('names and skips an image with a non-finite value, or fails if requested', async () => {
  const source = await npy('nan');
  expect(source.size).toBe(4);
  expect(source.notes).toContain('1 image skipped: image 2 (it contains a value that is not finite).');
  expect((await failure(npy('nan', { onError: 'fail' }))).message).toContain('image 2 could not be read');
});

test.each([
  ['records', 'records with several fields'],
  ['points', 'set "data.source" to "points"'],
])('reports %s', async (name, message) => expect((await failure(npy(name))).message).toContain(message));

test('reads the complete images of a truncated file, and rejects a wrong header', async () => {
  truncateSync(folder.file('numpy/u1.npy'), 128 + 2 * 48 + 3);
  const source = await npy('u1');
  expect(source.size).toBe(2);
  expect(source.notes).toContain('The header claims 5 images, but the file has room for only 2.');
  const header = (text: string, length = text.length) =>
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
      Buffer.from([length & 255, length >> 8]),
      Buffer.from(text),
      Buffer.alloc(64),
    ]);
  const dictionary = (shape: string, descr = "'|u1'") =>
    `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`;
  const cases: [Buffer, string][] = [
    [header(dictionary('9, 99999999, 99999999')), 'a sample would have'],
    [header(dictionary('9, 3.5')), 'lacks "descr", "fortran_order" or "shape"'],
    [header(dictionary('9, 99999999999999999999')), 'its shape is'],
    [header(dictionary('')), 'is empty'],
    [header(dictionary('0, 4, 4')), 'is empty'],
    [header(dictionary('4, 4, 4', "'|O'")), 'of type "|O"'],
    [header(dictionary('4, 4, 4'), 60_000), 'it ends inside its header'],
    [Buffer.from('\x93NUMPY\x09\x00aa', 'latin1'), 'format version is 9'],
    [Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\x7f', 'latin1'), 'its header claims 2147483647 bytes'],
    [Buffer.alloc(0), 'it does not begin with the magic number of NumPy arrays'],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(folder.file('numpy/u1.npy'), bytes);
    expect((await failure(npy('u1'))).message).toContain(message);
  }
});
