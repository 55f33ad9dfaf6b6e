// Deletes folders through the trash where there is one.
import path from 'node:path';
import * as vscode from 'vscode';
import { confirm } from './notify';

/**
 * Moves folders to the trash. If there is none, as on most servers, asks once whether to delete the remaining folders
 * permanently. Resolves to whether all were deleted.
 */
export async function moveToTrash(folders: readonly string[], useTrash = true): Promise<boolean> {
  for (const [index, folder] of folders.entries()) {
    try {
      await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash });
    } catch (error) {
      if (!useTrash) throw error;
      const left = folders.slice(index);
      const message =
        left.length === 1
          ? vscode.l10n.t(
              'The folder {0} could not be moved to the trash. Do you want to delete it permanently?',
              path.basename(folder),
            )
          : vscode.l10n.t(
              '{0} folders could not be moved to the trash. Do you want to delete them permanently?',
              left.length,
            );
      const detail = error instanceof Error ? error.message : String(error);
      return (await confirm(message, detail, vscode.l10n.t('Delete Permanently'))) && moveToTrash(left, false);
    }
  }
  return true;
}
