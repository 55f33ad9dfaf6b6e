// Saves a sweep file and what it is made of, before the command line reads them from the disk.
import path from 'node:path';
import * as vscode from 'vscode';
import { isExperiment } from '../experiments/experimentDocuments';
import { requireSameOnDisk, saveCode, saveDocuments } from '../launch/saveDocuments';
import { trusted } from '../trust';
import { errors } from '../userErrors';

/**
 * The document of a sweep file, saved with all open experiments and models. Undefined in Restricted Mode, where the
 * user is told.
 */
export async function savedSweep(file: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  if (!trusted(vscode.l10n.t('run a sweep'))) return undefined;
  if (file.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(file.path));
  const document = await vscode.workspace.openTextDocument(file);
  await saveDocuments([document, ...vscode.workspace.textDocuments.filter(isExperiment)]);
  await saveCode();
  await requireSameOnDisk([file.fsPath]);
  return document;
}
