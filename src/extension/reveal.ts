// Shows a file in the file manager, or in the Explorer where the editor has no desktop.
import * as vscode from 'vscode';

export async function reveal(file: vscode.Uri): Promise<void> {
  const inRemote = vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
  await vscode.commands.executeCommand(inRemote ? 'revealInExplorer' : 'revealFileInOS', file);
}
