// The Runs view: the workspace's sweeps, then its runs, in their order and in groups if the user wants them.
import * as vscode from 'vscode';
import { viewIds } from '../ids';
import { sweepItem } from '../sweeps/sweepItem';
import { isSweepSummary, type Sweeps, type SweepSummary } from '../sweeps/sweepSummary';
import { arrange, isGroup, type RunsArrangement, type RunsOfExperiment } from './arrangement';
import type { Baseline } from './baseline';
import { groupLabel, type RunsFilter, isFiltering, matches, type RunFilter, sweepMatches } from './filter';
import { forkChanges } from './forkChanges';
import { type Run, seedsOf, withPrevious } from './readRuns';
import { repeats } from './repeats';
import { runItem, runTooltip } from './runItem';
import type { Runs } from './runRegistry';
import { shortNames } from './shortNames';

export interface RunsTreeServices {
  readonly runs: Runs;
  readonly filter: RunsFilter;
  readonly arrangement: RunsArrangement;
  readonly baseline: Baseline;
  readonly sweeps: Sweeps;
}

export function registerRunsTree(services: RunsTreeServices): vscode.Disposable {
  const { runs, filter, arrangement, baseline, sweeps } = services;
  const changed = new vscode.EventEmitter<void>();
  const shown = () => runs.all.filter((run) => matches(run, filter.current));
  const shownSweeps = () => sweeps.all.filter((sweep) => sweepMatches(sweep, filter.current));
  let shortName = shortNames([]);
  let repeatOf = repeats([]);
  const itemOf = (run: Run) =>
    runItem(run, {
      words: [
        ...(seedsOf(run, runs.all).length > 1 ? ['seeds' as const] : []),
        ...(withPrevious(run.directory, runs.all) ? ['previous' as const] : []),
      ],
      isBaseline: run.directory === baseline.current,
      inGroup: arrangement.current.grouped,
      repeat: repeatOf.get(run.directory),
      changes: forkChanges(run, runs),
      shortName,
    });
  const provider: vscode.TreeDataProvider<SweepSummary | RunsOfExperiment | Run> = {
    onDidChangeTreeData: changed.event,
    getChildren(node) {
      if (node === undefined) {
        const [sweepNodes, runNodes] = [shownSweeps(), shown()];
        repeatOf = repeats(runNodes);
        shortName = shortNames([...sweepNodes, ...runNodes].map(({ name }) => name));
        return [...sweepNodes, ...arrange(runNodes, arrangement.current)];
      }
      return isGroup(node) ? [...node.runs] : [];
    },
    getTreeItem(node) {
      if (isSweepSummary(node)) return sweepItem(node, shortName);
      return isGroup(node) ? groupItem(node) : itemOf(node);
    },
    resolveTreeItem(item, node) {
      if (!isSweepSummary(node) && !isGroup(node)) item.tooltip = runTooltip(node, forkChanges(node, runs));
      return item;
    },
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
    arrangement.onDidChange(update),
    baseline.onDidChange(update),
    new vscode.Disposable(() => watching?.dispose()),
  );
}

function filterText({ text, group }: RunFilter, shown: number, all: number): string {
  const parts = [...(group ? [groupLabel(group)] : []), ...(text ? [`"${text}"`] : [])].join(', ');
  return vscode.l10n.t('Filter: {0}. {1} of {2} runs.', parts, shown, all);
}

function groupItem({ experiment, runs }: RunsOfExperiment): vscode.TreeItem {
  const item = new vscode.TreeItem(experiment, vscode.TreeItemCollapsibleState.Expanded);
  // No path: a run directory is one.
  item.id = `experiment:${experiment}`;
  item.description = String(runs.length);
  item.contextValue = 'experiment';
  item.accessibilityInformation = {
    label:
      runs.length === 1
        ? vscode.l10n.t('Experiment {0}, 1 run', experiment)
        : vscode.l10n.t('Experiment {0}, {1} runs', experiment, runs.length),
  };
  return item;
}
