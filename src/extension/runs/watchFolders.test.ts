// Watching folders: new entries are reported, also in folders that do not exist yet.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { nearestExisting, watchFolders } from './watchFolders';

const root = scratch();

function watching() {
  const told = vi.fn();
  const watch = watchFolders(told);
  onTestFinished(() => watch.dispose());
  const isTold = () => vi.waitFor(() => expect(told).toHaveBeenCalled(), { timeout: 20_000 });
  return { told, watch, isTold };
}

it('watches the folder, or the parent in which it would be created', () => {
  const folder = path.join(root(), '.earthmover', 'runs');
  expect(nearestExisting(folder)).toEqual([{ folder: root(), name: '.earthmover' }]);
  fs.mkdirSync(path.dirname(folder));
  expect(nearestExisting(folder)).toEqual([{ folder: path.dirname(folder), name: 'runs' }]);
  fs.mkdirSync(folder);
  expect(nearestExisting(folder)).toEqual([{ folder, name: undefined }]);
  expect(nearestExisting(path.join(root(), 'a', 'b', 'c'))).toEqual([]);
});

it('reports new and replaced entries of a folder', async () => {
  const { told, watch, isTold } = watching();
  watch.set([{ folder: root() }]);
  fs.writeFileSync(path.join(root(), 'status.json'), '1');
  await isTold();
  told.mockClear();
  fs.writeFileSync(path.join(root(), 'new'), '2');
  fs.renameSync(path.join(root(), 'new'), path.join(root(), 'status.json'));
  await isTold();
});

it('reports only the given name, and nothing after others are watched', async () => {
  const { told, watch, isTold } = watching();
  const [first, second] = ['first', 'second'].map((name) => path.join(root(), name));
  [first, second].forEach((folder) => fs.mkdirSync(folder));
  watch.set([{ folder: first, name: 'runs' }]);
  watch.set([{ folder: second, name: 'runs' }]);
  fs.mkdirSync(path.join(first, 'runs'));
  fs.mkdirSync(path.join(second, 'other'));
  const marked = watching();
  marked.watch.set([{ folder: second }]);
  fs.mkdirSync(path.join(second, 'mark'));
  await marked.isTold();
  expect(told).not.toHaveBeenCalled();
  fs.mkdirSync(path.join(second, 'runs'));
  await isTold();
});

it('skips what cannot be watched', () => {
  const { watch } = watching();
  expect(() => watch.set([{ folder: path.join(root(), 'gone') }])).not.toThrow();
});
