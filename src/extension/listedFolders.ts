// The folders whose runs and sweeps this window lists: those of the workspace, of open files outside of it, and of runs
// and sweeps that were started here from such files.
import * as vscode from 'vscode';
import { isExperiment, isSweep } from './experiments/experimentDocuments';
import { settingIds } from './ids';
import { onSetting, runsFolderOf, sweepsFolderOf } from './settings';

export interface ListedFolders extends vscode.Disposable {
  readonly all: readonly string[];
  readonly onDidChange: vscode.Event<void>;
  /** Lists what is in a folder from now on, also after a reload, wherever it is. */
  remember(folder: string): void;
}

/** At most this many folders outside of the workspace are remembered, the latest first. */
const maxRemembered = 20;

type Memory = Pick<vscode.ExtensionContext, 'globalState' | 'workspaceState'>;

export const createRunsFolders = (memory: Memory): ListedFolders =>
  createListedFolders(memory, { key: 'runsFolders', isSource: isExperiment, folderOf: runsFolderOf });

export const createSweepsFolders = (memory: Memory): ListedFolders =>
  createListedFolders(memory, { key: 'sweepsFolders', isSource: isSweep, folderOf: sweepsFolderOf });

interface FolderKind {
  /** Under which the folders are remembered. */
  readonly key: string;
  /** Whether a document may have been trained. */
  readonly isSource: (document: vscode.TextDocument) => boolean;
  /** The folder for a file, or for a workspace folder; undefined if it is not on this machine's disk. */
  readonly folderOf: (file: vscode.Uri, folder?: vscode.Uri) => string | undefined;
}

function createListedFolders(
  { globalState, workspaceState }: Memory,
  { key, isSource, folderOf }: FolderKind,
): ListedFolders {
  const changed = new vscode.EventEmitter<void>();
  // The state of a window without a folder is lost with the window.
  const memento = () => (vscode.workspace.workspaceFolders?.length ? workspaceState : globalState);
  const remembered = () => memento().get<readonly string[]>(key, []);
  /** As last told. Unknown at first: the activation does not wait for the settings. */
  let listed: string | undefined;
  const read = (): string[] => {
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const open = vscode.workspace.textDocuments.filter(isSource).map(({ uri }) => uri);
    const own = [...roots.map((uri) => folderOf(uri, uri)), ...open.map((uri) => folderOf(uri))];
    return [...new Set([...own.filter((folder) => folder !== undefined), ...remembered()])];
  };
  const update = () => {
    const now = read().join('\n');
    if (now !== listed) changed.fire();
    listed = now;
  };
  const events = [
    vscode.workspace.onDidChangeWorkspaceFolders(update),
    vscode.workspace.onDidOpenTextDocument((document) => isSource(document) && update()),
    vscode.workspace.onDidCloseTextDocument((document) => isSource(document) && update()),
    onSetting([settingIds.runsFolder], update),
  ];
  return {
    get all() {
      return read();
    },
    onDidChange: changed.event,
    remember(folder) {
      const others = remembered().filter((each) => each !== folder);
      void memento()
        .update(key, [folder, ...others].slice(0, maxRemembered))
        .then(update);
    },
    dispose: () => vscode.Disposable.from(changed, ...events).dispose(),
  };
}
