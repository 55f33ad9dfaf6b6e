// The settings of the editor that are ours, read where they are needed so that a change counts at once.
import path from 'node:path';
import * as vscode from 'vscode';
import { runsFolder } from '../run/directory';
import { settingIds } from './ids';

/** The Node to train with; empty for the editor's own. */
export const nodePath = (): string => read(settingIds.nodePath, '').trim();
/** The device of experiments that leave it open. */
export const device = (): string => read(settingIds.device, 'auto');
/** The threads of experiments that leave them open; 0 leaves one core to the editor. */
export const threads = (): number => read(settingIds.threads, 0);
export const experimentLenses = (): boolean => read(settingIds.experimentLenses, true);
export const modelLenses = (): boolean => read(settingIds.modelLenses, true);
export const openMonitorOnStart = (): boolean => read(settingIds.openMonitorOnStart, true);

/** The folder of runs that the user named, for a folder of the workspace; undefined for the usual one. */
export function ownRunsFolder(root: string): string | undefined {
  const named = read(settingIds.runsFolder, '', vscode.Uri.file(root)).trim();
  return named === '' ? undefined : path.resolve(root, named);
}

/** The folders in which runs are looked for: one for each folder of the workspace that is on this machine's disk. */
export const runsFolders = (): string[] => {
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return [...new Set(roots.map(({ uri: { fsPath } }) => ownRunsFolder(fsPath) ?? runsFolder(fsPath)))];
};

/** Calls `listener` when one of the settings in `ids` changes. */
export const onSetting = (ids: readonly string[], listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((change) => {
    if (ids.some((id) => change.affectsConfiguration(id))) listener();
  });

const read = <T>(id: string, otherwise: T, scope?: vscode.Uri): T =>
  vscode.workspace.getConfiguration(undefined, scope).get<T>(id, otherwise);
