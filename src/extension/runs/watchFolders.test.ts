// Watching folders: new entries are reported, also in folders that do not exist yet.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { nearestExisting, watchFolders } from './watchFolders';

const root = scratch();

function watching() {
  const onChange = vi.fn();
  const watch = watchFolders(onChange);
  onTestFinished(() => watch.dispose());
  const isCalled = () => vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 20_000 });
  return { onChange, watch, isCalled };
}

it('watches the folder, or the parent in which it would be created', async () => {
  const folder = path.join(root(), '.earthmover', 'runs');
  expect(await nearestExisting(folder)).toEqual([{ folder: root(), name: '.earthmover' }]);
  fs.mkdirSync(path.dirname(folder));
  expect(await nearestExisting(folder)).toEqual([{ folder: path.dirname(folder), name: 'runs' }]);
  fs.mkdirSync(folder);
  expect(await nearestExisting(folder)).toEqual([{ folder, name: undefined }]);
  expect(await nearestExisting(path.join(root(), 'a', 'b', 'c'))).toEqual([]);
});

it('reports new and replaced entries of a folder', async () => {
  const { onChange, watch, isCalled } = watching();
  watch.set([{ folder: root() }]);
  fs.writeFileSync(path.join(root(), 'status.json'), '1');
  await isCalled();
  onChange.mockClear();
  fs.writeFileSync(path.join(root(), 'new'), '2');
  fs.renameSync(path.join(root(), 'new'), path.join(root(), 'status.json'));
  await isCalled();
});

it('reports only the given name, and nothing after the watched folders change', async () => {
  const { onChange, watch, isCalled } = watching();
  const [first, second] = ['first', 'second'].map((name) => path.join(root(), name));
  [first, second].forEach((folder) => fs.mkdirSync(folder));
  watch.set([{ folder: first, name: 'runs' }]);
  watch.set([{ folder: second, name: 'runs' }]);
  fs.mkdirSync(path.join(first, 'runs'));
  fs.mkdirSync(path.join(second, 'other'));
  const marked = watching();
  marked.watch.set([{ folder: second }]);
  fs.mkdirSync(path.join(second, 'mark'));
  await marked.isCalled();
  expect(onChange).not.toHaveBeenCalled();
  fs.mkdirSync(path.join(second, 'runs'));
  await isCalled();
});

it('skips folders that cannot be watched', () => {
  const { watch } = watching();
  expect(() => watch.set([{ folder: path.join(root(), 'missing') }])).not.toThrow();
});
