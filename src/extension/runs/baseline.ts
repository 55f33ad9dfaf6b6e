// The run that other runs are compared with, kept per workspace.
import * as vscode from 'vscode';
import { contextIds } from '../ids';

export interface Baseline extends vscode.Disposable {
  /** The run directory; null for none. */
  readonly current: string | null;
  readonly onDidChange: vscode.Event<void>;
  pin(directory: string | null): Promise<void>;
}

const key = 'baseline';

export function createBaseline({ workspaceState }: Pick<vscode.ExtensionContext, 'workspaceState'>): Baseline {
  const changed = new vscode.EventEmitter<void>();
  const current = () => workspaceState.get<string>(key) ?? null;
  const setContext = () => vscode.commands.executeCommand('setContext', contextIds.hasBaseline, current() !== null);
  void setContext();
  return {
    get current() {
      return current();
    },
    onDidChange: changed.event,
    async pin(directory) {
      await workspaceState.update(key, directory ?? undefined);
      changed.fire();
      await setContext();
    },
    dispose: () => changed.dispose(),
  };
}
