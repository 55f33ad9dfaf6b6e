// IDX, CIFAR and NumPy files that other programs wrote: every value and class, every form, and what is wrong with others.
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DataConfig } from '../../catalog/index';
import { epoch, failure, fixtures, imageOf, inOrder, open, valueAt } from '../../../test/support/dataFixtures';

const images = (n: number, height: number, width: number, channels: number, first = 0) =>
  Array.from({ length: n }, (_, i) => imageOf(first + i, height, width, channels)).sort(inOrder);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'arrays-'));
  cpSync(fixtures, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => path.join(folder, ...parts);

describe('idx', () => {
  const idx = (given: Partial<DataConfig<'idx'>> = {}) => open('idx', { path: 'mnist', ...given }, { folder });

  test('a folder of MNIST, packed: the images and labels for training', async () => {
    const source = await idx();
    expect(source).toMatchObject({ shape: [6, 5, 1], size: 12, validationSize: 0 });
    expect(epoch(source)).toEqual(images(12, 6, 5, 1));
    expect([...source.labels!.classes]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(source.notes[0]).toBe('12 images in train-images-idx3-ubyte.gz of "mnist", as 6 x 5 x 1.');
  });

  test('plain files, both parts, a file by itself', async () => {
    expect(epoch(await idx({ split: 'test' }))).toEqual(images(4, 6, 5, 1));
    const all = await idx({ split: 'all' });
    expect([all.size, all.labels!.classes.length]).toEqual([16, 16]);
    writeFileSync(at('alone-ubyte'), gunzipSync(readFileSync(at('mnist/train-images-idx3-ubyte.gz'))));
    const alone = await idx({ path: 'alone-ubyte' });
    expect(epoch(alone)).toEqual(images(12, 6, 5, 1));
    expect(alone.labels).toBeUndefined();
    expect(alone.notes.join()).toContain('No labels beside them');
  });

  test('brought to a size and to colour; held out; flipped', async () => {
    const source = await idx({ size: 16, channels: 3, resize: 'box', validation: 0.25, flip: true });
    expect(source).toMatchObject({ shape: [16, 16, 3], size: 9, validationSize: 3 });
    expect(source.notes[0]).toContain('as 16 x 16 x 3 (crop, box, flipped at random)');
    for (const image of epoch(source)) {
      for (let k = 0; k < image.length; k += 3) expect([image[k + 1], image[k + 2]]).toEqual([image[k], image[k]]);
    }
    const wide = await idx({ size: 16, resize: 'box', fit: 'contain' });
    const bars = epoch(wide).map((image) => image.slice(0, 16).filter((value) => value === 0).length);
    expect(Math.min(...bars)).toBeGreaterThanOrEqual(2); // 5 of 6 columns become 13 of 16
    expect((await idx({ size: 16 })).shape).toEqual([16, 16, 1]);
  });

  test('a file that is cut off: the images that are whole, the others counted; fatal where asked for', async () => {
    const file = at('mnist/t10k-images-idx3-ubyte');
    truncateSync(file, 16 + 2 * 30 + 7);
    const source = await idx({ split: 'test' });
    expect(epoch(source)).toEqual(images(2, 6, 5, 1));
    const packed = readFileSync(at('mnist/train-images-idx3-ubyte.gz'));
    writeFileSync(at('mnist/train-images-idx3-ubyte.gz'), packed.subarray(0, packed.length - 40));
    const rest = await idx();
    expect(rest.size).toBeLessThan(12);
    expect(rest.notes.join()).toMatch(/\d+ images? skipped: image/);
    const error = await failure(idx({ onError: 'fail' }));
    expect(error).toMatchObject({ code: 'file-unreadable', path: ['data', 'onError'] });
  });

  test.each([
    ['labels for images', 'mnist/t10k-labels-idx1-ubyte', 'it has 1 axis, and images have 3 or 4'],
    ['another file', 'numpy/u1.npy', 'it does not begin as an IDX file does'],
    ['a folder without any', 'cifar', 'it has no *images-idx3-ubyte file'],
    ['no file', 'absent', 'The file or folder "absent" does not exist'],
    ['a data set that is not there', 'mnist-absent', 'does not exist'],
  ])('%s: said so', async (_, given, message) => {
    const error = await failure(idx({ path: given }));
    expect(error.message).toContain(message);
    expect(error.path).toEqual(['data', 'path']);
  });

  test('a data set by name: the command where it is missing, the files where it is there', async () => {
    const cacheFolder = at('cache');
    const named = (id: string) => open('idx', { path: id }, { folder: at('numpy'), cacheFolder });
    const error = await failure(named('mnist'));
    expect(error).toMatchObject({ code: 'not-downloaded', path: ['data', 'path'] });
    expect(error.message).toContain('earthmover download mnist (12 MiB)');
    expect((await failure(named('cifar-10'))).message).toContain('"source": "cifar"');
    cpSync(at('mnist'), path.join(cacheFolder, 'datasets/mnist'), { recursive: true });
    expect((await named('mnist')).size).toBe(12);
  });

  test('headers that lie about sizes give an error or what is there, not memory', async () => {
    const header = (...axes: number[]) => {
      const bytes = Buffer.alloc(4 + 4 * axes.length + 100);
      bytes.writeUInt32BE(0x0800 + axes.length, 0);
      axes.forEach((axis, k) => bytes.writeUInt32BE(axis, 4 + 4 * k));
      return bytes;
    };
    const given: [Buffer, string | number][] = [
      [header(4e9, 5, 5), 4],
      [header(10, 60_000, 60_000), 'its header claims images of 60000 x 60000'],
      [header(10, 0, 5), 'claims images of 0 x 5'],
      [header(0, 5, 5), 'it holds no image'],
      [header(4, 5, 5, 2), 'claims images of 5 x 5 x 2'],
      [header(4, 8000, 8000), 'it ends before its first image is whole'],
      [Buffer.from([0, 0, 8, 3, 0]), 'it ends inside of its header'],
      [Buffer.alloc(0), 'it does not begin as an IDX file'],
      [Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'it is damaged'],
    ];
    for (const [bytes, expected] of given) {
      writeFileSync(at('lie'), bytes);
      if (typeof expected === 'number') expect((await idx({ path: 'lie' })).size).toBe(expected);
      else expect((await failure(idx({ path: 'lie' }))).message).toContain(expected);
    }
  });
});

describe('cifar', () => {
  const cifar = (given: Partial<DataConfig<'cifar'>> = {}) =>
    open('cifar', { path: 'cifar/ten', ...given }, { folder });

  test('CIFAR-10: batches in order, planes to pixels, classes with their names', async () => {
    const source = await cifar();
    expect(source).toMatchObject({ shape: [32, 32, 3], size: 6 });
    expect(epoch(source)).toEqual([...images(3, 32, 32, 3), ...images(3, 32, 32, 3)].sort(inOrder));
    expect([...source.labels!.classes]).toEqual([0, 1, 2, 9, 8, 7]);
    expect(source.labels!.names!.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
    expect(source.notes[0]).toContain('6 images of CIFAR-10 in data_batch_1.bin, data_batch_2.bin');
    expect((await cifar({ split: 'test' })).size).toBe(2);
    expect((await cifar({ split: 'all' })).size).toBe(8);
  });

  test('CIFAR-100: the fine classes, in the folder that the archive makes; a batch by itself', async () => {
    const source = await cifar({ path: 'cifar/hundred' });
    expect([...source.labels!.classes]).toEqual([90, 91]);
    expect(epoch(source)).toEqual(images(2, 32, 32, 3));
    expect([...(await cifar({ path: 'cifar/hundred/cifar-100-binary/test.bin' })).labels!.classes]).toEqual([50, 51]);
    expect([...(await cifar({ path: 'cifar/ten/data_batch_2.bin' })).labels!.classes]).toEqual([9, 8, 7]);
  });

  test('a batch that is cut off, too short, of no known record; grey; held out', async () => {
    truncateSync(at('cifar/ten/data_batch_2.bin'), 2 * 3073 + 5);
    const source = await cifar();
    expect(source.size).toBe(5);
    expect([...source.labels!.classes]).toEqual([0, 1, 2, 9, 8]);
    expect(source.notes[1]).toBe('1 image skipped: image 5 (data_batch_2.bin ends before or inside of it).');
    expect((await failure(cifar({ onError: 'fail' }))).code).toBe('file-unreadable');
    expect((await failure(cifar({ path: 'cifar/ten/data_batch_2.bin' }))).message).toContain('no multiple of 3073');
    truncateSync(at('cifar/ten/data_batch_1.bin'), 5);
    expect((await failure(cifar())).message).toContain('shorter than one record of 3073 bytes');
    expect((await failure(cifar({ path: 'mnist' }))).message).toContain("no batch of CIFAR's binary version");
    expect((await cifar({ path: 'cifar/hundred', channels: 1 })).shape).toEqual([32, 32, 1]);
  });
});

describe('npy', () => {
  const npy = (name: string, given: Partial<DataConfig<'npy'>> = {}) =>
    open('npy', { path: `numpy/${name}.npy`, ...given }, { folder });
  const colour = images(5, 4, 4, 3);

  test.each(['u1', 'fortran', 'f2', 'f4', 'big-f4', 'f8', 'big-f8'])('%s: the values', async (name) => {
    expect(epoch(await npy(name))).toEqual(colour);
  });

  test.each(['i1', 'u2', 'big-u2', 'i2', 'i4', 'big-i4', 'u4', 'i8', 'u8'])(
    '%s: whole numbers up to 127',
    async (name) => {
      const source = await npy(name);
      expect(epoch(source)).toEqual(colour.map((image) => image.map((value) => value >> 1)).sort(inOrder));
      expect(source.notes).toContain('Values from 0 to 255 become −1 to 1.');
    },
  );

  test('other axes and ranges', async () => {
    expect(epoch(await npy('channels-first', { layout: 'channels-first' }))).toEqual(colour);
    expect((await failure(npy('channels-first'))).message).toContain('let "layout" in "data" be "channels-first"');
    expect(epoch(await npy('flat'))).toEqual(images(5, 4, 4, 1));
    const signed = await npy('signed-range');
    expect(epoch(signed)).toEqual(colour);
    expect(signed.notes).toContain('Values from -1 to 1 become −1 to 1.');
    const black = epoch(await npy('u1', { low: 100, high: 200 }));
    expect(black).toEqual(
      colour
        .map((image) => image.map((value) => Math.round(Math.max(0, Math.min(255, (value - 100) * 2.55)))))
        .sort(inOrder),
    );
    expect((await failure(npy('u1', { low: 300 }))).message).toContain('"low" is 300 and "high" is 255');
    expect(new Set(epoch(await npy('bool')).flat())).toEqual(new Set([0, 255]));
  });

  test('an image with a value that is no number is named, or fatal', async () => {
    const source = await npy('nan');
    expect(source.size).toBe(4);
    expect(source.notes).toContain('1 image skipped: image 2 (it has a value that is not finite).');
    expect((await failure(npy('nan', { onError: 'fail' }))).message).toContain('image 2 could not be read');
  });

  test.each([
    ['records', 'records with several fields'],
    ['points', 'let "source" in "data" be "points"'],
  ])('%s: said so', async (name, message) => expect((await failure(npy(name))).message).toContain(message));

  test('cut off: the whole images; headers that lie: an error', async () => {
    truncateSync(at('numpy/u1.npy'), 128 + 2 * 48 + 3);
    const source = await npy('u1');
    expect(source.size).toBe(2);
    expect(source.notes).toContain('The file claims 5 images and has room for 2.');
    const header = (text: string, length = text.length) =>
      Buffer.concat([
        Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
        Buffer.from([length & 255, length >> 8]),
        Buffer.from(text),
        Buffer.alloc(64),
      ]);
    const dictionary = (shape: string, descr = "'|u1'") =>
      `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`;
    const given: [Buffer, string][] = [
      [header(dictionary('9, 99999999, 99999999')), 'a sample would have'],
      [header(dictionary('9, 3.5')), 'lacks descr, fortran_order or shape'],
      [header(dictionary('9, 99999999999999999999')), 'its shape is'],
      [header(dictionary('')), 'holds nothing'],
      [header(dictionary('0, 4, 4')), 'holds nothing'],
      [header(dictionary('4, 4, 4', "'|O'")), 'of type "|O"'],
      [header(dictionary('4, 4, 4'), 60_000), 'it ends inside of its header'],
      [Buffer.from('\x93NUMPY\x09\x00aa', 'latin1'), 'format version is 9'],
      [Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\x7f', 'latin1'), 'its header claims 2147483647 bytes'],
      [Buffer.alloc(0), 'it does not begin as a NumPy array'],
    ];
    for (const [bytes, message] of given) {
      writeFileSync(at('numpy/u1.npy'), bytes);
      expect((await failure(npy('u1'))).message).toContain(message);
    }
  });
});

describe('npz', () => {
  const npz = (name: string, given: Partial<DataConfig<'npz'>> = {}) =>
    open('npz', { path: `numpy/${name}.npz`, ...given }, { folder });

  test('stored and packed members, with the classes beside them', async () => {
    const plain = await npz('plain');
    expect(epoch(plain)).toEqual(images(5, 4, 4, 3));
    expect([...plain.labels!.classes]).toEqual([3, 1, 4, 1, 5]);
    expect(plain.notes[0]).toBe('5 images of "images" in "numpy/plain.npz", as 4 x 4 x 3.');
    const packed = await npz('packed');
    expect(epoch(packed)).toEqual(images(5, 4, 4, 3));
    expect([...packed.labels!.classes]).toEqual([2, 7, 1, 8, 2]);
  });

  test('an array is chosen by its name where several could be meant', async () => {
    expect((await failure(npz('two'))).message).toMatch(/several arrays .* "a" \(5, 4, 4, 3\), "b" \(2, 4, 4, 3\)/);
    expect((await npz('two', { array: 'b' })).size).toBe(2);
    const error = await failure(npz('two', { array: 'c' }));
    expect(error).toMatchObject({ path: ['data', 'array'] });
  });

  test('cut off, or no archive at all', async () => {
    truncateSync(at('numpy/plain.npz'), 300);
    expect((await failure(npz('plain'))).message).toContain('its directory is missing');
    writeFileSync(at('numpy/plain.npz'), 'hello');
    expect((await failure(npz('plain'))).message).toContain('it is no zip archive');
  });
});

test('the formula of the fixtures is the one of the tests', () => expect(valueAt(1, 2, 3, 1)).toBe(67));
