// The Runs view: the workspace's sweeps, then its runs, newest first, each with its state.
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../ids';
import { shortStartTime, startTime, describe, contextWords, describeAloud, shownState, stateIcons } from './describe';
import { groupLabel, type RunsFilter, isFiltering, matches, type RunFilter, sweepMatches } from './filter';
import { sweepItem } from '../sweeps/sweepItem';
import { isSweepSummary, type Sweeps, type SweepSummary } from '../sweeps/sweepSummary';
import { type Run, seedsOf } from './readRuns';
import type { Runs } from './runRegistry';

export function registerRunsTree(runs: Runs, filter: RunsFilter, sweeps: Sweeps): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const shown = () => runs.all.filter((run) => matches(run, filter.current));
  const shownSweeps = () => sweeps.all.filter((sweep) => sweepMatches(sweep, filter.current));
  const provider: vscode.TreeDataProvider<Run | SweepSummary> = {
    onDidChangeTreeData: changed.event,
    getChildren: (item) => (item === undefined ? [...shownSweeps(), ...shown()] : []),
    getTreeItem: (item) =>
      isSweepSummary(item) ? sweepItem(item) : treeItem(item, seedsOf(item, runs.all).length > 1),
  };
  const view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: provider, canSelectMany: true });
  const update = () => {
    view.message = isFiltering(filter.current)
      ? filterText(filter.current, shown().length, runs.all.length)
      : undefined;
    changed.fire();
  };
  let watching: vscode.Disposable | undefined;
  const onVisible = (visible: boolean) => {
    watching?.dispose();
    watching = visible ? vscode.Disposable.from(runs.watch(), sweeps.watch()) : undefined;
  };
  onVisible(view.visible);
  return vscode.Disposable.from(
    changed,
    view,
    view.onDidChangeVisibility(({ visible }) => onVisible(visible)),
    runs.onDidChange(update),
    sweeps.onDidChange(update),
    filter.onDidChange(update),
    new vscode.Disposable(() => watching?.dispose()),
  );
}

function filterText({ text, group }: RunFilter, shown: number, all: number): string {
  const parts = [...(group ? [groupLabel(group)] : []), ...(text ? [`"${text}"`] : [])].join(', ');
  return vscode.l10n.t('Filter: {0}. {1} of {2} runs.', parts, shown, all);
}

function treeItem(run: Run, ofSeeds: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(run.name, vscode.TreeItemCollapsibleState.None);
  const [icon, color] = stateIcons[shownState(run)];
  item.id = run.directory;
  item.description = [describe(run), shortStartTime(run.directory)].filter((text) => text !== '').join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.tooltip = tooltip(run);
  item.contextValue = [...contextWords(run), ...(ofSeeds ? ['seeds'] : [])].join(' ');
  const began = startTime(run.directory);
  const label = `${run.name}, ${describeAloud(run)}`;
  item.accessibilityInformation = { label: began === '' ? label : vscode.l10n.t('{0}, started {1}', label, began) };
  item.command = { command: commandIds.openMonitor, title: vscode.l10n.t('Open Monitor'), arguments: [run.directory] };
  return item;
}

function tooltip(run: Run): vscode.MarkdownString {
  const { status } = run;
  const text = new vscode.MarkdownString();
  const line = (label: string, value: string | null | undefined) => {
    if (value) text.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendText(run.name).appendMarkdown('\n\n');
  line(vscode.l10n.t('State'), describeAloud(run));
  line(vscode.l10n.t('Reason'), run.problem ?? status?.message);
  line(vscode.l10n.t('Started'), startTime(run.directory));
  const threads = vscode.l10n.t('{0} threads', status?.threads ?? '?');
  line(
    vscode.l10n.t('Device'),
    status?.device && [status.device, status.adapter, status.engine, threads].filter(Boolean).join(', '),
  );
  line(vscode.l10n.t('Experiment'), run.source);
  line(vscode.l10n.t('Folder'), run.directory);
  return text;
}
