// The editor column for pages that are wide by nature: tables, comparisons, sweeps, studies and the doctor.
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
