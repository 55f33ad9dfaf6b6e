// Selecting a file of the workspace for a command that has none.
import * as vscode from 'vscode';

export interface FileQuestion {
  readonly pattern: string;
  /** The error if the workspace has no such file. */
  readonly none: () => Error;
  /** The command that asks. */
  readonly title: string;
  readonly question: string;
}

/** A single file is used without asking. */
export async function pickFile({ pattern, none, title, question }: FileQuestion): Promise<vscode.Uri> {
  const files = await vscode.workspace.findFiles(pattern, '**/{node_modules,.earthmover}/**', 1000);
  if (files.length === 0) throw none();
  if (files.length === 1) return files[0];
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const chosen = await vscode.window.showQuickPick(
    items.sort((a, b) => a.label.localeCompare(b.label)),
    { title, placeHolder: question },
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen.uri;
}
