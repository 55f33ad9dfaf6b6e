// The editor columns for what does not belong beside a monitor: experiment files, and pages that are wide by nature,
// such as tables, comparisons, sweeps, studies and the doctor.
import * as vscode from 'vscode';
import { monitorViewType } from './ids';

/**
 * The active column; if a monitor is what it shows, the first, since monitors open in narrow columns beside their
 * experiments.
 */
export function wideColumn(): vscode.ViewColumn {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  // VS Code puts a prefix before the type.
  const isMonitor = input instanceof vscode.TabInputWebview && input.viewType.endsWith(monitorViewType);
  return isMonitor ? vscode.ViewColumn.One : vscode.ViewColumn.Active;
}

/** The column in which a file is open, else a wide one. */
export function columnOf(file: vscode.Uri): vscode.ViewColumn {
  const isFile = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText && input.uri.toString() === file.toString();
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isFile))?.viewColumn ?? wideColumn();
}
