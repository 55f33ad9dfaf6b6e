// The Runs view: the workspace's runs, newest first, each with its state; nothing is read while it is hidden.
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../ids';
import { beganShort, beginning, describe, runWordsOf, spoken, shownState, stateIcons } from './describe';
import type { Run } from './runIndex';
import type { Runs } from './runs';

export function registerRunsTree(runs: Runs): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<Run> = {
    onDidChangeTreeData: changed.event,
    getChildren: (run) => (run === undefined ? [...runs.all] : []),
    getTreeItem: treeItem,
  };
  const view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: provider });
  let watching: vscode.Disposable | undefined;
  const onVisible = (visible: boolean) => {
    watching?.dispose();
    watching = visible ? runs.watch() : undefined;
  };
  onVisible(view.visible);
  return vscode.Disposable.from(
    changed,
    view,
    view.onDidChangeVisibility(({ visible }) => onVisible(visible)),
    runs.onDidChange(() => changed.fire()),
    new vscode.Disposable(() => watching?.dispose()),
  );
}

function treeItem(run: Run): vscode.TreeItem {
  const item = new vscode.TreeItem(run.name, vscode.TreeItemCollapsibleState.None);
  const [icon, color] = stateIcons[shownState(run)];
  item.id = run.directory;
  item.description = [describe(run), beganShort(run.directory)].filter((text) => text !== '').join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.tooltip = tooltip(run);
  item.contextValue = runWordsOf(run).join(' ');
  item.accessibilityInformation = { label: `${run.name}, ${spoken(run)}, begun ${beginning(run.directory)}` };
  item.command = { command: commandIds.openMonitor, title: 'Open Monitor', arguments: [run.directory] };
  return item;
}

function tooltip(run: Run): vscode.MarkdownString {
  const { status } = run;
  const text = new vscode.MarkdownString();
  const line = (label: string, value: string | null | undefined) => {
    if (value) text.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendText(run.name).appendMarkdown('\n\n');
  line('State', spoken(run));
  line('Why', run.problem ?? status?.message);
  line('Begun', beginning(run.directory));
  line('On', status?.device && `${status.engine ?? ''} ${status.device}, ${status.threads ?? '?'} threads`);
  line('Experiment', run.source);
  line('Folder', run.directory);
  return text;
}
