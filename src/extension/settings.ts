// The settings of the editor that are ours, read where they are needed so that a change counts at once.
import * as vscode from 'vscode';
import { settingIds } from './ids';

/** The Node to train with; empty for the editor's own. */
export const nodePath = (): string => read(settingIds.nodePath, '').trim();
export const experimentLenses = (): boolean => read(settingIds.experimentLenses, true);
export const modelLenses = (): boolean => read(settingIds.modelLenses, true);
export const openMonitorOnStart = (): boolean => read(settingIds.openMonitorOnStart, true);

/** Calls `listener` when one of the settings in `ids` changes. */
export const onSetting = (ids: readonly string[], listener: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((change) => {
    if (ids.some((id) => change.affectsConfiguration(id))) listener();
  });

const read = <T>(id: string, otherwise: T): T => vscode.workspace.getConfiguration().get<T>(id, otherwise);
