// The folders whose runs this window lists: those of the workspace, of open experiments outside of it, and of runs that
// were started here from such experiments.
import * as vscode from 'vscode';
import { isExperiment } from './experiments/experimentDocuments';
import { settingIds } from './ids';
import { onSetting, runsFolderOf } from './settings';

export interface RunsFolders extends vscode.Disposable {
  readonly all: readonly string[];
  readonly onDidChange: vscode.Event<void>;
  /** Lists the runs in a folder from now on, also after a reload, wherever it is. */
  remember(folder: string): void;
}

/** At most this many folders outside of the workspace are remembered, the latest first. */
const maxRemembered = 20;
const key = 'runsFolders';

export function createRunsFolders({
  globalState,
  workspaceState,
}: Pick<vscode.ExtensionContext, 'globalState' | 'workspaceState'>): RunsFolders {
  const changed = new vscode.EventEmitter<void>();
  // The state of a window without a folder is lost with the window.
  const memento = () => (vscode.workspace.workspaceFolders?.length ? workspaceState : globalState);
  const remembered = () => memento().get<readonly string[]>(key, []);
  let listed = '';
  const read = (): string[] => {
    const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const open = vscode.workspace.textDocuments.filter(isExperiment).map(({ uri }) => uri);
    const own = [...roots.map((uri) => runsFolderOf(uri, uri)), ...open.map((uri) => runsFolderOf(uri))];
    return [...new Set([...own.filter((folder) => folder !== undefined), ...remembered()])];
  };
  const update = () => {
    const now = read().join('\n');
    if (now !== listed) changed.fire();
    listed = now;
  };
  listed = read().join('\n');
  const events = [
    vscode.workspace.onDidChangeWorkspaceFolders(update),
    vscode.workspace.onDidOpenTextDocument((document) => isExperiment(document) && update()),
    vscode.workspace.onDidCloseTextDocument((document) => isExperiment(document) && update()),
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
