// Workspace trust: nothing of the workspace is executed in Restricted Mode.
import * as vscode from 'vscode';
import { notify } from './notify';

/**
 * Whether code of the workspace may be executed; if not, shows a warning with a button. `what` completes "Cannot ...".
 */
export function trusted(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t(
    'Cannot {0} in Restricted Mode because training runs code from this folder. Trust the workspace first.',
    what,
  );
  void notify.warning(message, manage).then((chosen) => {
    if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}
