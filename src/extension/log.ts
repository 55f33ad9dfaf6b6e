// The extension's log in the Output view, and the reporting of errors.
import * as vscode from 'vscode';
import { errno } from '../files/errno';
import { isUserError } from '../shared/userError';
import { commandIds } from './ids';
import { notify } from './notify';
import { type Remedy, remedyOf } from './userErrors';

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
  log.error(known || !(error instanceof Error) ? message : (error.stack ?? message));
  const remedy = known ? remedyOf(error) : undefined;
  if (remedy) return offer(message, remedy);
  const text = known ? message : vscode.l10n.t('Internal error: {0}', message);
  const showLog = vscode.l10n.t('Show Log');
  const offers = known ? [] : [showLog];
  void notify.error(text, ...offers).then((chosen) => {
    if (chosen === showLog) void vscode.commands.executeCommand(commandIds.showLog);
  });
}

/** A warning: VS Code keeps an error with buttons until it is closed. */
function offer(message: string, { label, command }: Remedy): void {
  void notify.warning(message, label).then((chosen) => {
    if (chosen === label) void vscode.commands.executeCommand(command);
  });
}

/** Such as a folder that cannot be written to, or a full disk: not a bug, and the message names the file. */
const isFileError = (error: unknown): boolean => error instanceof vscode.FileSystemError || errno(error) !== undefined;
