// Arrays that NumPy wrote: every type, axis order and range, and invalid files.
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  copyOfFixtures,
  epoch,
  failure,
  imagesOf,
  inOrder,
  npyFile,
  open,
} from '../../../../test/support/dataFixtures';
import type { DataConfig } from '../../../catalog';
import { openNpyFile, readNpySamples } from './npyReader';

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
    expect(source.notes.join()).toMatch(
      /Values from 0 to 255 become −1 to 1: a guess, since the file has values from \d+ to \d+\./,
    );
  },
);

test('reads other axis orders and ranges', async () => {
  expect(epoch(await npy('channels-first', { layout: 'channels-first' }))).toEqual(color);
  expect((await failure(npy('channels-first'))).message).toContain('set "data.layout" to "channels-first"');
  expect(epoch(await npy('flat'))).toEqual(imagesOf(5, 4, 4, 1));
  const signed = await npy('signed-range');
  expect(epoch(signed)).toEqual(color);
  expect(signed.notes.join()).toContain('Values from -1 to 1 become −1 to 1: a guess');
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
  [
    'records',
    'records with several fields, not plain numbers (numpy.lib.recfunctions.structured_to_unstructured(x) makes',
  ],
  ['points', 'set "data.source" to "points"'],
])('reports %s', async (name, message) => expect((await failure(npy(name))).message).toContain(message));

test('reads the complete images of a truncated file, and rejects a wrong header', async () => {
  truncateSync(folder.file('numpy/u1.npy'), 128 + 2 * 48 + 3);
  const source = await npy('u1');
  expect(source.size).toBe(2);
  const claim = 'its header claims 5 images and it has 2 whole ones.';
  expect(source.notes).toContain(`3 images missing, the file is cut off: ${claim}`);
  const error = await failure(npy('u1', { onError: 'fail' }));
  expect(error).toMatchObject({ code: 'file-unreadable', path: ['data', 'onError'] });
  expect(error.message).toContain(`"numpy/u1.npy" is cut off: ${claim}`);
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
    [Buffer.alloc(0), 'it is empty'],
    [Buffer.from('text'), 'it does not begin with the magic number of NumPy arrays'],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(folder.file('numpy/u1.npy'), bytes);
    expect((await failure(npy('u1'))).message).toContain(message);
  }
});

test('says of an array in Fortran order that is cut off that none of its images is complete', async () => {
  writeFileSync(
    folder.file('numpy/u1.npy'),
    npyFile(
      [4, 8, 8],
      Uint8Array.from({ length: 256 }, (_, i) => i),
      true,
    ).subarray(0, -20),
  );
  for (const onError of ['skip', 'fail'] as const)
    expect((await failure(npy('u1', { onError }))).message).toContain(
      'it is cut off (236 of 256 bytes), and in Fortran order, so that no sample is complete',
    );
});

test('notes what comes after an array, as of numpy.save to the same file twice', async () => {
  const array = npyFile(
    [2, 2, 2],
    Uint8Array.from({ length: 8 }, (_, i) => 30 * i),
  );
  writeFileSync(folder.file('numpy', 'twice.npy'), Buffer.concat([array, array]));
  const source = await npy('twice');
  expect(source.size).toBe(2);
  expect(source.notes).toContain(`twice.npy has ${array.length} bytes more than its header says; they are ignored.`);
  const points = npyFile(
    [4, 2],
    Float32Array.from({ length: 8 }, (_, i) => i / 8),
  );
  writeFileSync(folder.file('numpy', 'points2.npy'), Buffer.concat([points, Buffer.alloc(16)]));
  const read = await open('points', { path: 'numpy/points2.npy' }, { folder: folder.path });
  expect(read.notes).toContain('points2.npy has 16 bytes more than its header says; they are ignored.');
});

/** A .npy file of float32 values. */
function floats(name: string, shape: readonly number[], values: readonly number[], fortran = false): void {
  writeFileSync(folder.file('numpy', `${name}.npy`), npyFile(shape, Float32Array.from(values), fortran));
}

test.each([
  ['over 1', [0, 0.5, 1.0000001, 1], [0, 128, 255, 255]],
  ['under 0', [-1e-7, 0.25, 1, 0.5], [0, 64, 255, 128]],
  ['over 255', [0, 100, 255.0001, 200], [0, 100, 255, 200]],
  ['under −1', [-1.0000002, 0, 1, 0.5], [0, 128, 255, 191]],
])('scales floats by the usual range if rounding puts one %s', async (_, values, bytes) => {
  floats('one', [1, 2, 2], values);
  expect(epoch(await npy('one'))).toEqual([bytes]);
});

test('says which range it guessed from values outside all usual ones', async () => {
  floats('wide', [1, 2, 2], [0, 1000, 2000, 4000]);
  const source = await npy('wide');
  expect(epoch(source)).toEqual([[0, 64, 128, 255]]);
  expect(source.notes.join()).toContain('Values from 0 to 4000 become −1 to 1: a guess');
  floats('dark', [1, 2, 2], [0, 0.5, 1, 2]); // clearly over 1
  expect((await npy('dark')).notes.join()).toContain('Values from 0 to 2 become −1 to 1: a guess');
  floats('bits', [1, 2, 2], [0, 4, 8, 16]); // as the digits of scikit-learn
  expect(epoch(await npy('bits'))).toEqual([[0, 64, 128, 255]]);
});

test('scales bytes of few values, such as masks, and notes images without contrast', async () => {
  writeFileSync(folder.file('numpy', 'mask.npy'), npyFile([2, 2, 2], Uint8Array.of(0, 1, 1, 0, 1, 1, 0, 1)));
  const source = await npy('mask');
  expect(epoch(source)).toEqual(
    [
      [0, 255, 255, 0],
      [255, 255, 0, 255],
    ].sort(inOrder),
  );
  expect(source.notes.join()).toContain('Values from 0 to 1 become −1 to 1: a guess');
  const dark = await npy('mask', { high: 255 });
  expect(epoch(dark).flat()).toContain(1);
  expect(dark.notes.join()).toContain('Hardly any contrast: all pixels are from 0 to 1, of 0 to 255.');
  expect((await npy('u1')).notes.join()).not.toContain('contrast');
});

test('advises about images along the last axis', async () => {
  floats('last', [8, 8, 6], new Array<number>(384).fill(0));
  const { message } = await failure(npy('last'));
  expect(message).toContain('This looks like 6 images along the last axis. Save them as numpy.moveaxis(x, -1, 0)');
});

test.each([
  ['in color', [8, 9, 3], 'Save one image as x[None]'],
  ['with opacity', [8, 9, 4], 'Save one image as x[None]'],
  ['with one channel', [8, 9, 1], 'Save one image as x[None]'],
  ['with its channels first', [3, 8, 9], 'Save one image as x[None] with "data.layout": "channels-first"'],
  ['in gray', [16, 16], 'Save one image as x[None]'],
])('refuses one photo %s', async (_, shape, advice) => {
  floats(
    'photo',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b) }, (__, i) => i / 1000),
  );
  const { message } = await failure(npy('photo'));
  expect(message).toContain(`its shape is (${shape.join(', ')})`);
  expect(message).toContain(advice);
});

test('reads an array in Fortran order in blocks that fit into memory', async () => {
  // More than two blocks of 128 MiB: images of 1000 values and 8 bytes.
  const [n, side] = [40_000, 32];
  const path = folder.file('numpy', 'columns.npy');
  writeFileSync(path, npyFile([n, side, side], new Float64Array(0), true));
  truncateSync(path, 128 + n * side * side * 8); // zeros
  const file = openSync(path, 'r+');
  const at = (i: number, y: number, x: number) => 128 + 8 * (i + n * (y + side * x));
  const one = Buffer.from(new Float64Array([1]).buffer);
  for (const i of [0, 17_000, n - 1]) writeSync(file, one, 0, 8, at(i, i % side, 3));
  closeSync(file);
  const { array } = await openNpyFile(path);
  const found: number[][] = [];
  let i = 0;
  for await (const sample of readNpySamples(array)) {
    const k = sample.indexOf(1);
    if (k >= 0) found.push([i, Math.floor(k / side), k % side]);
    i++;
  }
  expect(i).toBe(n);
  expect(found).toEqual([0, 17_000, n - 1].map((image) => [image, image % side, 3]));
  expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(900);
});
