// Asks where a file is to be saved, in the first folder of the workspace if nothing else is chosen.
import path from 'node:path';
import * as vscode from 'vscode';

/** Undefined where the user leaves the question. */
export async function askWhere(
  name: string,
  filters: Record<string, string[]>,
  title: string,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(name));
  const saveLabel = vscode.l10n.t('Save');
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, name), filters, title, saveLabel });
}
