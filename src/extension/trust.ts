// Workspace trust: in Restricted Mode nothing of the workspace is executed, and who asks for it is told what to do.
import * as vscode from 'vscode';

/** Whether something of the workspace may be executed now; where not, says so and offers the way. `what` completes "Cannot ...". */
export function trusted(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t(
    'Cannot {0} in Restricted Mode, because training runs code from this folder. Trust the workspace first.',
    what,
  );
  void vscode.window.showWarningMessage(message, manage).then((chosen) => {
    if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}
