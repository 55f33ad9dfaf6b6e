// The index of the model files that experiments use, when files cannot be read.
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { Uri } from '../../../test/support/vscode';
import { createExperimentIndex } from './modelUseIndex';

const findFiles = vi.hoisted(() => vi.fn());
vi.mock('vscode', async () => {
  const editor = await import('../../../test/support/vscode');
  const never = () => ({ dispose() {} });
  const watcher = { onDidCreate: never, onDidChange: never, onDidDelete: never, dispose() {} };
  return { ...editor, workspace: { ...editor.workspace, findFiles, createFileSystemWatcher: () => watcher } };
});
vi.mock('../lazy', async () => ({ modelUses: (await import('./modelReferences')).modelUses }));

const folder = scratch();
const experiment = '{ "critic": { "module": "./nets.ts" } }';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function setUp() {
  const files = ['a', 'b'].map((name) => path.join(folder(), `${name}.gan.json`));
  findFiles.mockReset().mockResolvedValue(files.map((file) => Uri.file(file)));
  const index = createExperimentIndex();
  const uses = async () =>
    (await index.usesOf(path.join(folder(), 'nets.ts'))).map(({ file }) => path.basename(file, '.gan.json'));
  return { files, uses };
}

it('reads a file again after a while that could not be read', async () => {
  const { files, uses } = setUp();
  fs.writeFileSync(files[0], experiment);
  // A folder in its place cannot be read.
  fs.mkdirSync(files[1]);
  expect(await uses()).toEqual(['a']);
  fs.rmdirSync(files[1]);
  fs.writeFileSync(files[1], experiment);
  expect(await uses()).toEqual(['a']);
  vi.advanceTimersByTime(10_000);
  expect(await uses()).toEqual(['a', 'b']);
  // All could be read: nothing is read again.
  vi.advanceTimersByTime(100_000);
  expect(await uses()).toEqual(['a', 'b']);
  expect(findFiles).toHaveBeenCalledTimes(2);
});

it('searches again when asked after a search that failed', async () => {
  const { files, uses } = setUp();
  for (const file of files) fs.writeFileSync(file, experiment);
  findFiles.mockRejectedValueOnce(new Error('the search was stopped'));
  await expect(uses()).rejects.toThrow('the search was stopped');
  expect(await uses()).toEqual(['a', 'b']);
});
