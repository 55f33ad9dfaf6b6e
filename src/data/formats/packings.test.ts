// The same digits in the packings in which people have MNIST give the same samples.
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { epoch, inOrder, npyFile, open } from '../../../test/support/dataFixtures';
import { imageFolder } from '../../../test/support/imageFolders';

const { at, workers } = imageFolder();
const side = 28;
const digits = Array.from({ length: 20 }, (_, i) =>
  Array.from({ length: side * side }, (__, k) => Math.round(127.5 + 127.5 * Math.sin(i * 7 + (k % side) / 3 + k * k))),
);
const header = (...axes: number[]) => {
  const bytes = Buffer.alloc(4 + 4 * axes.length);
  bytes.writeUInt32BE(0x800 + axes.length, 0);
  axes.forEach((axis, k) => bytes.writeUInt32BE(axis, 4 + 4 * k));
  return bytes;
};

test('IDX, gzipped IDX, CSV, PNG folders, npy and EMNIST', async () => {
  const idx = Buffer.concat([header(digits.length, side, side), Buffer.from(digits.flat())]);
  const turned = digits.map((image) => image.map((_, k) => image[(k % side) * side + Math.floor(k / side)]));
  for (const folder of ['idx', 'gz', 'emnist']) mkdirSync(at(folder));
  writeFileSync(at('idx/train-images-idx3-ubyte'), idx);
  writeFileSync(at('gz/train-images-idx3-ubyte.gz'), gzipSync(idx));
  writeFileSync(
    at('emnist/emnist-mnist-train-images-idx3-ubyte.gz'),
    gzipSync(Buffer.concat([header(digits.length, side, side), Buffer.from(turned.flat())])),
  );
  writeFileSync(at('mnist_train.csv'), digits.map((image, i) => [i % 10, ...image].join(',')).join('\n'));
  writeFileSync(at('mnist.npy'), npyFile([digits.length, side, side], Uint8Array.from(digits.flat())));
  for (const [i, image] of digits.entries()) {
    mkdirSync(at('png', String(i % 10)), { recursive: true });
    const raw = { width: side, height: side, channels: 1 } as const;
    await sharp(Uint8Array.from(image), { raw })
      .png()
      .toFile(at('png', String(i % 10), `${i}.png`));
  }
  const expected = [...digits].sort(inOrder);
  const context = { folder: at(), workers };
  expect(epoch(await open('idx', { path: 'idx' }, context))).toEqual(expected);
  expect(epoch(await open('idx', { path: 'gz' }, context))).toEqual(expected);
  expect(epoch(await open('idx', { path: 'emnist' }, context))).toEqual(expected);
  expect(epoch(await open('csv', { path: 'mnist_train.csv' }, context))).toEqual(expected);
  expect(epoch(await open('npy', { path: 'mnist.npy' }, context))).toEqual(expected);
  const png = await open('images', { path: 'png', size: side, channels: 1, resize: 'box' }, context);
  expect(epoch(png)).toEqual(expected);
});
