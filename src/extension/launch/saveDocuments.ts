// Saves what a training reads before it starts, so that it uses what the editor shows.
import path from 'node:path';
import * as vscode from 'vscode';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { userError } from '../userErrors';

/** Saves documents that have changes. Throws a UserError that names the first one that cannot be saved, and why. */
export async function saveDocuments(documents: readonly vscode.TextDocument[]): Promise<void> {
  const changed = documents.filter(({ isDirty, isUntitled }) => isDirty && !isUntitled);
  const saved = await Promise.all(changed.map((document) => document.save()));
  const failed = changed.find((document, i) => !saved[i] || document.isDirty);
  if (failed !== undefined) throw notSaved(failed);
}

/** Saves all changed code files: a model may import any of them. */
export const saveCode = (): Promise<void> =>
  saveDocuments(
    vscode.workspace.textDocuments.filter(({ languageId }) => /^(type|java)script(react)?$/.test(languageId)),
  );

/**
 * Throws a UserError if one of these files is open and differs from the disk, from which a training reads it: another
 * program has changed it.
 */
export async function requireSameOnDisk(files: readonly string[]): Promise<void> {
  const open = vscode.workspace.textDocuments.filter(
    ({ uri, isUntitled }) => uri.scheme === 'file' && !isUntitled && files.includes(uri.fsPath),
  );
  await Promise.all(
    open.map(async (document) => {
      const onDisk = await readOrdinaryAsync(document.uri.fsPath, maxBytes, 'follow').catch((error: Error) => {
        throw notRead(document, error.message);
      });
      if (normal(onDisk.toString('utf8')) !== normal(document.getText())) throw differs(document);
    }),
  );
}

const maxBytes = 1 << 26;

/** VS Code removes the byte order mark, and makes all line ends of a document the same. */
const normal = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');

const nameOf = ({ uri }: vscode.TextDocument): string => path.basename(uri.fsPath);

const notSaved = (document: vscode.TextDocument) =>
  userError(
    vscode.l10n.t(
      'Training was not started because {0} could not be saved: it is read-only, it was changed by another program, or the disk is full. Save it (File: Save), then start again.',
      nameOf(document),
    ),
  );

const notRead = (document: vscode.TextDocument, why: string) =>
  userError(
    vscode.l10n.t(
      'Training was not started because {0} cannot be read from disk ({1}). Save it (File: Save), then start again.',
      nameOf(document),
      why,
    ),
  );

const differs = (document: vscode.TextDocument) =>
  userError(
    vscode.l10n.t(
      'Training was not started because {0} on disk differs from the editor: another program has changed it. Revert it (File: Revert File) or save it, then start again.',
      nameOf(document),
    ),
  );
