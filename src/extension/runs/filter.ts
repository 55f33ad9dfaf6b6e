// "Filter Runs": by state and by words of the name.
import path from 'node:path';
import { shownState, titleOf, type ShownState } from './describe';
import type { Run } from './readRuns';
import * as vscode from 'vscode';
import { contextIds } from '../ids';
import type { Runs } from './runRegistry';

/** Groups of states, as in the filter. */
const runGroups = ['training', 'paused', 'finished', 'stopped', 'failed'] as const;
export type RunGroup = (typeof runGroups)[number];

export interface RunFilter {
  /** Words that must all occur in the name of the run, its folder or its experiment file; case-insensitive. */
  readonly text: string;
  /** Undefined for all groups. */
  readonly group?: RunGroup;
}

export const noFilter: RunFilter = { text: '' };

export const isFiltering = ({ text, group }: RunFilter): boolean => text.trim() !== '' || group !== undefined;

export function matches(run: Run, { text, group }: RunFilter): boolean {
  const named = [titleOf(run), path.basename(run.directory), path.basename(run.source ?? '')].join('\n').toLowerCase();
  return wordsOf(text).every((word) => named.includes(word)) && (group === undefined || groupOf(run) === group);
}

/** Whether a sweep is shown: by the words of its name. A filter by state is about runs. */
export const sweepMatches = ({ name }: { readonly name: string }, { text, group }: RunFilter): boolean =>
  group === undefined && wordsOf(text).every((word) => name.toLowerCase().includes(word));

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

export const groupOf = (run: Run): RunGroup => groups[shownState(run)];

const groups: Readonly<Record<ShownState, RunGroup>> = {
  starting: 'training',
  running: 'training',
  stopping: 'training',
  stalled: 'training',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  interrupted: 'stopped',
  diverged: 'failed',
  failed: 'failed',
  dead: 'failed',
  damaged: 'failed',
};

export interface RunsFilter extends vscode.Disposable {
  readonly current: RunFilter;
  readonly onDidChange: vscode.Event<RunFilter>;
  /** Lets the user select a filter. */
  ask(): Promise<void>;
  clear(): void;
}

export function createRunsFilter(runs: Runs): RunsFilter {
  const changed = new vscode.EventEmitter<RunFilter>();
  let current = noFilter;
  const set = (filter: RunFilter) => {
    current = filter;
    void vscode.commands.executeCommand('setContext', contextIds.runsFiltered, isFiltering(filter));
    changed.fire(filter);
  };
  return {
    get current() {
      return current;
    },
    onDidChange: changed.event,
    async ask() {
      const chosen = await pickFilter(runs.all, current);
      if (chosen) set(chosen);
    },
    clear: () => set(noFilter),
    dispose: () => changed.dispose(),
  };
}

interface FilterItem extends vscode.QuickPickItem {
  readonly filter: RunFilter;
}

function pickFilter(all: readonly Run[], current: RunFilter): Promise<RunFilter | undefined> {
  const pick = vscode.window.createQuickPick<FilterItem>();
  pick.title = vscode.l10n.t('Filter Runs');
  pick.placeholder = vscode.l10n.t('Select a state or type part of a name');
  pick.value = current.text;
  const offer = () => {
    pick.items = filterItems(all, pick.value.trim());
  };
  offer();
  return new Promise((resolve) => {
    pick.onDidChangeValue(offer);
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.filter);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** Items for the typed text and for every group, each with the number of runs that match. */
function filterItems(all: readonly Run[], text: string): FilterItem[] {
  const item = (label: string, filter: RunFilter): FilterItem => {
    const count = all.filter((run) => matches(run, filter)).length;
    return { label, filter, description: vscode.l10n.t('{0} of {1}', count, all.length), alwaysShow: true };
  };
  const named = text === '' ? [] : [item(vscode.l10n.t('Name contains "{0}"', text), { text })];
  const groups = runGroups.filter((group) => all.some((run) => groupOf(run) === group));
  return [
    ...named,
    item(vscode.l10n.t('All runs'), noFilter),
    ...groups.map((group) => item(groupLabel(group), { text, group })),
  ];
}

export function groupLabel(group: RunGroup): string {
  const labels: Readonly<Record<RunGroup, string>> = {
    training: vscode.l10n.t('Running'),
    paused: vscode.l10n.t('Paused'),
    finished: vscode.l10n.t('Finished'),
    stopped: vscode.l10n.t('Stopped'),
    failed: vscode.l10n.t('Failed'),
  };
  return labels[group];
}
