// The extension's log in the Output view, and the reporting of errors.
import * as vscode from 'vscode';
import { errno } from '../files/errno';
import { isUserError } from '../shared/userError';
import { commandIds } from './ids';
import { notify } from './notify';
import { noticeOf, type Remedy } from './userErrors';

export type Log = vscode.LogOutputChannel;

export const createLog = (): Log => vscode.window.createOutputChannel('Earthmover', { log: true });

/** Runs `work`; shows and logs the errors that it throws. */
export async function reportErrors(log: Log, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) showError(log, error);
  }
}

function showError(log: Log, error: unknown): void {
  const known = isUserError(error) || isFileError(error);
  const message = error instanceof Error ? error.message : String(error);
  const found = known ? noticeOf(error) : undefined;
  if (found) return inform(log, message, found.remedy);
  log.error(known || !(error instanceof Error) ? message : (error.stack ?? message));
  const text = known ? message : vscode.l10n.t('Internal error: {0}', message);
  const showLog = vscode.l10n.t('Show Log');
  const offers = known ? [] : [showLog];
  void notify.error(text, ...offers).then((chosen) => {
    if (chosen === showLog) void vscode.commands.executeCommand(commandIds.showLog);
  });
}

function inform(log: Log, message: string, remedy: Remedy | undefined): void {
  log.info(message);
  void notify.info(message, ...(remedy ? [remedy.label] : [])).then((chosen) => {
    if (remedy && chosen === remedy.label) void vscode.commands.executeCommand(remedy.command, ...(remedy.args ?? []));
  });
}

/** Such as a folder that cannot be written to, or a full disk: not a bug, and the message names the file. */
const isFileError = (error: unknown): boolean => error instanceof vscode.FileSystemError || errno(error) !== undefined;
