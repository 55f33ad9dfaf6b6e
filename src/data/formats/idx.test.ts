// IDX files from other programs: every value and label, all settings, and invalid files.
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { copyOfFixtures, epoch, failure, imagesOf, open, valueAt } from '../../../test/support/dataFixtures';
import { datasets, type DataConfig } from '../../catalog';

const folder = copyOfFixtures();
const idx = (given: Partial<DataConfig<'idx'>> = {}) =>
  open('idx', { path: 'mnist', ...given }, { folder: folder.path });

test('reads the images and labels of the training split from a compressed MNIST folder', async () => {
  const source = await idx();
  expect(source).toMatchObject({ shape: [6, 5, 1], size: 12, validationSize: 0 });
  expect(epoch(source)).toEqual(imagesOf(12, 6, 5, 1));
  expect([...source.labels!.classes]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  expect(source.notes[0]).toBe('12 images in train-images-idx3-ubyte.gz of "mnist", as 6 x 5 x 1.');
});

test('reads plain files, both splits, or a single file', async () => {
  expect(epoch(await idx({ split: 'test' }))).toEqual(imagesOf(4, 6, 5, 1));
  const all = await idx({ split: 'all' });
  expect([all.size, all.labels!.classes.length]).toEqual([16, 16]);
  writeFileSync(folder.file('alone-ubyte'), gunzipSync(readFileSync(folder.file('mnist/train-images-idx3-ubyte.gz'))));
  const alone = await idx({ path: 'alone-ubyte' });
  expect(epoch(alone)).toEqual(imagesOf(12, 6, 5, 1));
  expect(alone.labels).toBeUndefined();
  expect(alone.notes.join()).toContain('No labels, or not one for each image.');
});

test('resizes, converts to color, holds out and flips images', async () => {
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

test('reads the complete images of a truncated file, or fails if requested', async () => {
  const file = folder.file('mnist/t10k-images-idx3-ubyte');
  truncateSync(file, 16 + 2 * 30 + 7);
  const source = await idx({ split: 'test' });
  expect(epoch(source)).toEqual(imagesOf(2, 6, 5, 1));
  const compressed = readFileSync(folder.file('mnist/train-images-idx3-ubyte.gz'));
  writeFileSync(folder.file('mnist/train-images-idx3-ubyte.gz'), compressed.subarray(0, compressed.length - 40));
  const rest = await idx();
  expect(rest.size).toBeLessThan(12);
  expect(rest.notes.join()).toMatch(/\d+ images? skipped: image/);
  const error = await failure(idx({ onError: 'fail' }));
  expect(error).toMatchObject({ code: 'file-unreadable', path: ['data', 'onError'] });
});

test.each(['plain', 'gzip'])('notes what comes after the images that the header speaks of: %s', async (packing) => {
  const plain = readFileSync(folder.file('mnist/t10k-images-idx3-ubyte'));
  expect((await idx({ split: 'test' })).notes.join()).not.toContain('ignored');
  const longer = Buffer.concat([plain, Buffer.alloc(60)]);
  writeFileSync(folder.file('longer-ubyte'), packing === 'gzip' ? gzipSync(longer) : longer);
  const source = await idx({ path: 'longer-ubyte' });
  expect(epoch(source)).toEqual(imagesOf(4, 6, 5, 1));
  expect(source.notes).toContain('longer-ubyte has 60 bytes more than its header says; they are ignored.');
});

test.each([
  ['labels for images', 'mnist/t10k-labels-idx1-ubyte', 'it has 1 axis, but images have 3 or 4'],
  ['another file', 'numpy/u1.npy', 'it is a NumPy array (.npy). Set "data.source" to "npy"'],
  ['a folder without any', 'cifar', 'it has no *images-idx3-ubyte file'],
  ['the folder above', '.', 'it has no *images-idx3-ubyte file, plain or .gz, but mnist has. Set "data.path"'],
  ['no file', 'absent', 'The file or folder "absent" does not exist'],
  ['an unknown data set', 'mnist-absent', 'does not exist'],
])('reports %s', async (_, given, message) => {
  const error = await failure(idx({ path: given }));
  expect(error.message).toContain(message);
  expect(error.path).toEqual(['data', 'path']);
});

test('opens a data set by name, or reports the command that downloads it', async () => {
  const cacheFolder = folder.file('cache');
  const named = (id: string) => open('idx', { path: id }, { folder: folder.file('numpy'), cacheFolder });
  const error = await failure(named('mnist'));
  expect(error).toMatchObject({ code: 'not-downloaded', path: ['data', 'path'] });
  expect(error.message).toContain('earthmover download mnist (12 MiB)');
  expect((await failure(named('cifar-10'))).message).toContain('Set "data.source" to "cifar"');
  const downloaded = path.join(cacheFolder, 'datasets/mnist');
  mkdirSync(downloaded, { recursive: true });
  for (const { url, size } of datasets.mnist.files) {
    const file = path.join(downloaded, path.basename(url));
    const packed = folder.file('mnist', path.basename(url));
    writeFileSync(file, existsSync(packed) ? readFileSync(packed) : gzipSync(readFileSync(packed.slice(0, -3))));
    truncateSync(file, size); // the size of the original; gzip ignores the zeros
  }
  expect((await named('mnist')).size).toBe(12);
});

test('reports wrong sizes in a header, or reads the existing images, without allocating for them', async () => {
  const header = (...axes: number[]) => {
    const bytes = Buffer.alloc(4 + 4 * axes.length + 100);
    bytes.writeUInt32BE(0x0800 + axes.length, 0);
    axes.forEach((axis, k) => bytes.writeUInt32BE(axis, 4 + 4 * k));
    return bytes;
  };
  const cases: [Buffer, string | number][] = [
    [header(4e9, 5, 5), 4],
    [header(10, 60_000, 60_000), 'its header claims images of 60000 x 60000'],
    [header(10, 0, 5), 'claims images of 0 x 5'],
    [header(0, 5, 5), 'it contains no images'],
    [header(4, 5, 5, 2), 'claims images of 5 x 5 x 2'],
    [header(4, 8000, 8000), 'it ends inside its first image'],
    [Buffer.from([0, 0, 8, 3, 0]), 'it ends inside its header'],
    [Buffer.alloc(0), 'it is empty. Download or save it again.'],
    [Buffer.from('hello'), 'it does not begin like an IDX file'],
    [Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'it is damaged'],
  ];
  for (const [bytes, expected] of cases) {
    writeFileSync(folder.file('wrong'), bytes);
    if (typeof expected === 'number') expect((await idx({ path: 'wrong' })).size).toBe(expected);
    else expect((await failure(idx({ path: 'wrong' }))).message).toContain(expected);
  }
});

/** An IDX file of n images of 3 x 2 whose first value is `first`, or of labels. */
const images = (n: number, first: number) =>
  Buffer.concat([
    Buffer.from([0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 3, 0, 0, 0, 2]),
    Buffer.from(Array.from({ length: n }, (_, i) => [first + i, 1, 2, 3, 4, 5]).flat()),
  ]);
const labels = (...classes: number[]) => Buffer.from([0, 0, 8, 1, 0, 0, 0, classes.length, ...classes]);
/** QMNIST's labels: [n, 8] integers, the class first. */
const integerLabels = (...classes: number[]) =>
  Buffer.concat([
    Buffer.from([0, 0, 0x0c, 2, 0, 0, 0, classes.length, 0, 0, 0, 8]),
    ...classes.map((label) => Buffer.from([0, 0, 0, label, ...new Array<number>(28).fill(9)])),
  ]);

async function folderOf(files: Record<string, Buffer>) {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(folder.file('set', name)), { recursive: true });
    writeFileSync(folder.file('set', name), name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }
  const read = async (split: 'train' | 'test' | 'all') => {
    const source = await idx({ path: 'set', split });
    return {
      first: epoch(source).map(([value]) => value),
      classes: source.labels && [...source.labels.classes],
      source,
    };
  };
  return { train: await read('train'), test: await read('test'), all: await read('all') };
}

test.each([
  ['MNIST', 'train-images-idx3-ubyte', 't10k-images-idx3-ubyte', 'idx1-ubyte'],
  ['dots', 'train-images.idx3-ubyte', 't10k-images.idx3-ubyte', 'idx1-ubyte'],
  ['EMNIST', 'emnist-letters-train-images-idx3-ubyte', 'emnist-letters-test-images-idx3-ubyte', 'idx1-ubyte'],
  [
    'EMNIST, compressed',
    'emnist-mnist-train-images-idx3-ubyte.gz',
    'emnist-mnist-test-images-idx3-ubyte.gz',
    'idx1-ubyte',
  ],
  ['QMNIST', 'qmnist-train-images-idx3-ubyte.gz', 'qmnist-test-images-idx3-ubyte.gz', 'idx2-int'],
  ['torchvision', 'raw/train-images-idx3-ubyte', 'raw/t10k-images-idx3-ubyte', 'idx1-ubyte'],
  ['capitals', 'Train-Images-IDX3-UByte', 'Test-Images-IDX3-UByte', 'idx1-ubyte'],
])('tells training from test files by the names of %s', async (_, train, check, ending) => {
  const labelName = (name: string) => name.replace(/images/i, 'labels').replace(/idx3-ubyte/i, ending);
  const make = ending === 'idx2-int' ? integerLabels : labels;
  const found = await folderOf({
    [train]: images(3, 10),
    [check]: images(2, 50),
    [labelName(train)]: make(7, 8, 9),
    [labelName(check)]: make(1, 2),
  });
  expect(found.train).toMatchObject({ first: [10, 11, 12], classes: [7, 8, 9] });
  expect(found.test).toMatchObject({ first: [50, 51], classes: [1, 2] });
  expect(found.all.first).toEqual([10, 11, 12, 50, 51]);
});

test('counts an image once that is in several copies of its file', async () => {
  const [train, check] = [images(3, 10), images(2, 50)];
  const found = await folderOf({
    'train-images.idx3-ubyte': train,
    'train-images-idx3-ubyte.gz': train,
    'train-images-idx3-ubyte/train-images-idx3-ubyte': train,
    '._train-images-idx3-ubyte': Buffer.from('AppleDouble'),
    't10k-images-idx3-ubyte/t10k-images-idx3-ubyte': check,
    't10k-images-idx3-ubyte.gz': check,
    'train-labels.idx1-ubyte': labels(1, 2, 3),
    't10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte': labels(4, 5),
  });
  expect(found.train).toMatchObject({ first: [10, 11, 12], classes: [1, 2, 3] });
  expect(found.all).toMatchObject({ first: [10, 11, 12, 50, 51] });
  expect(found.test.classes).toEqual([4, 5]);
});

test('refuses to mix several data sets of a folder, and reads one of them by its file', async () => {
  const files = ['emnist-digits-train', 'emnist-letters-train', 'train'].map((name) => `${name}-images-idx3-ubyte`);
  for (const [i, name] of files.entries()) writeFileSync(folder.file('mnist', name), images(2, 10 * i));
  const error = await failure(idx());
  expect(error.message).toContain('it has files of 3 data sets: emnist-digits-train-images-idx3-ubyte');
  expect(error.message).toContain('Set "data.path" to one of the files');
  expect((await idx({ path: `mnist/${files[1]}` })).size).toBe(2);
});

test('turns EMNIST upright, other files only if asked', async () => {
  const stored = images(1, 10); // rows 10 1, 2 3, 4 5
  writeFileSync(folder.file('emnist-x-train-images-idx3-ubyte'), stored);
  writeFileSync(folder.file('other'), stored);
  const upright = await idx({ path: 'emnist-x-train-images-idx3-ubyte' });
  expect([upright.shape, epoch(upright)]).toEqual([[2, 3, 1], [[10, 2, 4, 1, 3, 5]]]);
  expect(upright.notes.join()).toContain('turned upright ("data.transpose": "no" keeps them)');
  expect(epoch(await idx({ path: 'emnist-x-train-images-idx3-ubyte', transpose: 'no' }))).toEqual([
    [10, 1, 2, 3, 4, 5],
  ]);
  expect(epoch(await idx({ path: 'other' }))).toEqual([[10, 1, 2, 3, 4, 5]]);
  expect(epoch(await idx({ path: 'other', transpose: 'yes' }))).toEqual([[10, 2, 4, 1, 3, 5]]);
});

test('a plain file that is cut off fails if asked, with both numbers, or is counted', async () => {
  const file = folder.file('cut');
  writeFileSync(file, images(12, 1).subarray(0, 16 + 5 * 6 + 3));
  const error = await failure(idx({ path: 'cut', onError: 'fail' }));
  expect(error).toMatchObject({ code: 'file-unreadable', path: ['data', 'onError'] });
  expect(error.message).toContain('"cut" is cut off: cut claims 12 images and has 5 whole ones.');
  const source = await idx({ path: 'cut' });
  expect(source.size).toBe(5);
  expect(source.notes).toContain('7 images missing, the file is cut off: cut claims 12 images and has 5 whole ones.');
});

test('the expected values use the formula of the fixtures', () => expect(valueAt(1, 2, 3, 1)).toBe(67));
