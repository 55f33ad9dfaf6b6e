// The Runs view asks for a hover when it is needed: the texts of a thousand would delay the list.
import { expect, it, vi } from 'vitest';
import type { TreeDataProvider } from 'vscode';
import { listedRun } from '../../../test/support/listedRun';
import { type MarkdownString, window } from '../../../test/support/vscode';
import type { Run } from './readRuns';
import { registerRunsTree, type RunsTreeServices } from './tree';

vi.mock('vscode', () => import('../../../test/support/vscode'));

it('has the hover of a run when the pointer is over it', async () => {
  const run = listedRun('ring');
  const never = () => ({ dispose() {} });
  const list = (all: readonly Run[]) => ({ all, onDidChange: never, find: () => undefined, watch: never });
  let provider: TreeDataProvider<Run> | undefined;
  const createTreeView = (_: string, options: { treeDataProvider: TreeDataProvider<Run> }) => {
    provider = options.treeDataProvider;
    return { visible: false, onDidChangeVisibility: never, dispose() {} };
  };
  Object.assign(window, { createTreeView });
  const services = {
    ...{ runs: list([run]), sweeps: list([]), filter: { current: {}, onDidChange: never } },
    ...{ arrangement: { current: {}, onDidChange: never }, baseline: { current: '', onDidChange: never } },
  };
  registerRunsTree(services as unknown as RunsTreeServices);
  const item = await provider!.getTreeItem(run);
  expect(item.label).toBe('ring');
  expect(item.tooltip).toBeUndefined();
  const resolved = await provider!.resolveTreeItem!(item, run, undefined as never);
  expect((resolved!.tooltip as unknown as MarkdownString).value).toContain('State: running, step 500 of 2,500');
});
