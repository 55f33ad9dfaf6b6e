// The extension's settings, read when they are needed so that changes apply immediately.
import path from 'node:path';
import * as vscode from 'vscode';
import { runsFolder } from '../run/directory';
import { settingIds } from './ids';

/** The Node executable to train with; empty for the editor's own. */
export const nodePath = (): string => read(settingIds.nodePath, '').trim();
/** The device for experiments that do not set one. */
export const device = (): string => read(settingIds.device, 'auto');
/** The threads for experiments that do not set them; 0 leaves one core to the editor. */
export const threads = (): number => read(settingIds.threads, 0);
export const experimentLenses = (): boolean => read(settingIds.experimentLenses, true);
export const modelLenses = (): boolean => read(settingIds.modelLenses, true);
export const openMonitorOnStart = (): boolean => read(settingIds.openMonitorOnStart, true);

/** Runs of at least this many minutes notify the user when they finish; 0 for none. */
export const notifyAfterMinutes = (): number => read(settingIds.notifyWhenFinished, 5);

/**
 * The folder in which the training of a file begins: its workspace folder, or its own folder outside of the workspace.
 */
export const rootOf = (file: vscode.Uri): string =>
  vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? path.dirname(file.fsPath);

/** The folder for the runs of a file, or of a workspace folder; undefined if it is not on this machine's disk. */
export function runsFolderOf(file: vscode.Uri, folder?: vscode.Uri): string | undefined {
  if (file.scheme !== 'file') return undefined;
  const root = folder?.fsPath ?? rootOf(file);
  return ownRunsFolder(root) ?? runsFolder(root);
}

/** The folder for the sweeps of a file, or of a workspace folder; undefined if it is not on this machine's disk. */
export function sweepsFolderOf(file: vscode.Uri, folder?: vscode.Uri): string | undefined {
  return file.scheme === 'file' ? path.join(folder?.fsPath ?? rootOf(file), '.earthmover', 'sweeps') : undefined;
}

/** The configured runs folder for a workspace folder; undefined for the default. */
export function ownRunsFolder(root: string): string | undefined {
  const named = read(settingIds.runsFolder, '', vscode.Uri.file(root)).trim();
  return named === '' ? undefined : path.resolve(root, named);
}

/** Calls `listener` when one of the settings in `ids` changes. */
export const onSetting = (ids: readonly string[], listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((change) => {
    if (ids.some((id) => change.affectsConfiguration(id))) listener();
  });

const read = <T>(id: string, fallback: T, scope?: vscode.Uri): T =>
  vscode.workspace.getConfiguration(undefined, scope).get<T>(id, fallback);
