// CIFAR batches: every value and label, both versions, and invalid files.
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { copyOfFixtures, epoch, failure, imagesOf, inOrder, open } from '../../../test/support/dataFixtures';
import type { DataConfig } from '../../catalog';

const folder = copyOfFixtures();
const cifar = (given: Partial<DataConfig<'cifar'>> = {}) =>
  open('cifar', { path: 'cifar/ten', ...given }, { folder: folder.path });

test('CIFAR-10: reads the batches in order, converts planes to pixels and names the classes', async () => {
  const source = await cifar();
  expect(source).toMatchObject({ shape: [32, 32, 3], size: 6 });
  expect(epoch(source)).toEqual([...imagesOf(3, 32, 32, 3), ...imagesOf(3, 32, 32, 3)].sort(inOrder));
  expect([...source.labels!.classes]).toEqual([0, 1, 2, 9, 8, 7]);
  expect(source.labels!.names!.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
  expect(source.notes[0]).toContain('6 images of CIFAR-10 in data_batch_1.bin, data_batch_2.bin');
  expect((await cifar({ split: 'test' })).size).toBe(2);
  expect((await cifar({ split: 'all' })).size).toBe(8);
});

test('CIFAR-100: reads the fine classes, from the folder of the archive or a single batch', async () => {
  const source = await cifar({ path: 'cifar/hundred' });
  expect([...source.labels!.classes]).toEqual([90, 91]);
  expect(epoch(source)).toEqual(imagesOf(2, 32, 32, 3));
  expect([...(await cifar({ path: 'cifar/hundred/cifar-100-binary/test.bin' })).labels!.classes]).toEqual([50, 51]);
  expect([...(await cifar({ path: 'cifar/ten/data_batch_2.bin' })).labels!.classes]).toEqual([9, 8, 7]);
});

test('reports truncated, short and foreign batches, and converts to gray', async () => {
  truncateSync(folder.file('cifar/ten/data_batch_2.bin'), 2 * 3073 + 5);
  const source = await cifar();
  expect(source.size).toBe(5);
  expect([...source.labels!.classes]).toEqual([0, 1, 2, 9, 8]);
  expect(source.notes).toContain('1 image skipped: image 5 (data_batch_2.bin ends before or inside it).');
  expect((await failure(cifar({ onError: 'fail' }))).code).toBe('file-unreadable');
  expect((await failure(cifar({ path: 'cifar/ten/data_batch_2.bin' }))).message).toContain('not a multiple of 3073');
  truncateSync(folder.file('cifar/ten/data_batch_1.bin'), 5);
  expect((await failure(cifar())).message).toContain('shorter than one record of 3073 bytes');
  expect((await failure(cifar({ path: 'mnist' }))).message).toContain('no binary CIFAR batch');
  expect((await cifar({ path: 'cifar/hundred', channels: 1 })).shape).toEqual([32, 32, 1]);
});

test('refuses a batch that is the error page of a failed download', async () => {
  writeFileSync(folder.file('cifar/ten/data_batch_2.bin'), `<!doctype html><html>${' '.repeat(8000)}</html>`);
  const { message } = await failure(cifar());
  expect(message).toContain('data_batch_2.bin cannot be read: it is a web page (HTML)');
});
