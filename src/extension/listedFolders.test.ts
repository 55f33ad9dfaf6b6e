// Runs are listed wherever their experiment is: in the workspace, in an open file, or where this window started one.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { documentOf, Uri, workspace } from '../../test/support/vscode';
import { createRunsFolders, createSweepsFolders } from './listedFolders';

vi.mock('vscode', () => import('../../test/support/vscode'));

class Memento {
  private readonly values = new Map<string, unknown>();
  get = <T>(key: string, otherwise: T): T => (this.values.get(key) as T | undefined) ?? otherwise;
  update = async (key: string, value: unknown) => void this.values.set(key, value);
}

describe('the folders whose runs are listed', () => {
  let context: { globalState: Memento; workspaceState: Memento };
  const create = () => createRunsFolders(context as never);
  beforeEach(() => {
    context = { globalState: new Memento(), workspaceState: new Memento() };
    workspace.workspaceFolders = [];
    workspace.textDocuments = [];
  });

  it('are those of the workspace', () => {
    workspace.workspaceFolders = ['/a', '/b'].map((folder) => ({ uri: Uri.file(folder) }));
    expect(create().all).toEqual(['/a/.earthmover/runs', '/b/.earthmover/runs']);
  });

  it('are also those of an experiment that is open in an empty window, or outside of the workspace', () => {
    workspace.textDocuments = [documentOf('/loose/ring.gan.json', '{}'), documentOf('/loose/readme.md', '')];
    expect(create().all).toEqual(['/loose/.earthmover/runs']);
    workspace.workspaceFolders = [{ uri: Uri.file('/a') }];
    expect(create().all).toEqual(['/a/.earthmover/runs', '/loose/.earthmover/runs']);
  });

  it('stay those of a run that was started, after its file is closed and the window is opened again', async () => {
    const folders = create();
    const changes: string[][] = [];
    folders.onDidChange(() => void changes.push([...folders.all]));
    folders.remember('/loose/.earthmover/runs');
    await vi.waitFor(() => expect(changes).toEqual([['/loose/.earthmover/runs']]));
    expect(create().all).toEqual(['/loose/.earthmover/runs']);
    // Another workspace has its own.
    workspace.workspaceFolders = [{ uri: Uri.file('/a') }];
    expect(create().all).toEqual(['/a/.earthmover/runs']);
  });

  it('are forgotten if many others came later', async () => {
    const folders = create();
    for (let i = 0; i < 30; i++) folders.remember(`/${i}`);
    await vi.waitFor(() => expect(folders.all).toContain('/29'));
    expect(folders.all).toHaveLength(20);
  });

  it('are the same for sweeps, next to those of runs', async () => {
    workspace.workspaceFolders = [{ uri: Uri.file('/a') }];
    workspace.textDocuments = [documentOf('/loose/wide.sweep.json', '{}'), documentOf('/other/ring.gan.json', '{}')];
    const folders = createSweepsFolders(context as never);
    expect(folders.all).toEqual(['/a/.earthmover/sweeps', '/loose/.earthmover/sweeps']);
    workspace.textDocuments = [];
    folders.remember('/loose/.earthmover/sweeps');
    await vi.waitFor(() => expect(folders.all).toContain('/loose/.earthmover/sweeps'));
    expect(create().all).toEqual(['/a/.earthmover/runs']);
  });
});
