// A run in the Runs view: its name, and what matters first in the little space beside it.
import * as vscode from 'vscode';
import { commandIds, type RunWord } from '../ids';
import {
  contextWords,
  countText,
  describeAloud,
  forkText,
  remaining,
  shortStartTime,
  shownState,
  type ShownState,
  startTime,
  stateIcons,
  stateName,
  titleOf,
} from './describe';
import { headline } from './headline';
import type { Run } from './readRuns';

export interface RunItemOptions {
  /** Further words for the menus. */
  readonly words: readonly RunWord[];
  readonly isBaseline: boolean;
  /** Whether the row is below its experiment, whose name it need not repeat. */
  readonly inGroup: boolean;
}

export function runItem(run: Run, { words, isBaseline, inGroup }: RunItemOptions): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(run, inGroup), vscode.TreeItemCollapsibleState.None);
  const [icon, color] = stateIcons[shownState(run)];
  const baseline = vscode.l10n.t('baseline');
  item.id = run.directory;
  item.description = [...(isBaseline ? [baseline] : []), ...briefly(run, inGroup)].join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.tooltip = tooltip(run);
  item.contextValue = [...contextWords(run), ...words, ...(isBaseline ? ['baseline'] : [])].join(' ');
  const began = startTime(run.directory);
  const fork = run.parent === null ? [] : [vscode.l10n.t('fork at step {0}', countText(run.parent.step))];
  const label = [run.name, ...fork, ...(isBaseline ? [baseline] : []), describeAloud(run)].join(', ');
  item.accessibilityInformation = { label: began === '' ? label : vscode.l10n.t('{0}, started {1}', label, began) };
  item.command = { command: commandIds.openMonitor, title: vscode.l10n.t('Open Monitor'), arguments: [run.directory] };
  return item;
}

/**
 * What follows the name, of which a narrow view shows only the beginning: where a fork began, which tells it from its
 * parent, when the run ends and how far it is, or when it began, then the headline number. The icon shows its state.
 */
export function briefly(run: Run, inGroup: boolean): string[] {
  const { status } = run;
  const state = shownState(run);
  const began = inGroup && run.name === run.experimentName ? '' : shortStartTime(run.directory);
  const fork = forkText(run);
  if (status === null) return [stateName(state), fork, began].filter((part) => part !== '');
  const number = headline(run);
  const { step, steps } = status;
  const parts = {
    underway: [remaining(run), steps > 0 ? `${Math.floor((100 * step) / steps)}%` : '', number, began],
    complete: [began, number],
    cut: [began, `${step}/${steps}`, number],
  }[extentOf(state)];
  return [fork, ...parts].filter((part) => part !== '');
}

/** Whether a run trains, has made all its steps, or ended before the last. */
function extentOf(state: ShownState): 'underway' | 'complete' | 'cut' {
  if (state === 'finished') return 'complete';
  return state === 'running' || state === 'paused' || state === 'stalled' ? 'underway' : 'cut';
}

/** Characters of a name, which leave room for the state and the time in a view of 200 pixels. */
const maxLabel = 12;

/** The name; its middle is cut out if it is long. Below its experiment, a run without a name has its start time. */
function labelOf({ name, experimentName, directory }: Run, inGroup: boolean): string {
  const began = shortStartTime(directory);
  if (inGroup && name === experimentName && began !== '') return began;
  return shortened(name);
}

export function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= maxLabel) return name;
  const tail = Math.floor((maxLabel - 1) / 2);
  return `${characters.slice(0, maxLabel - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}

function tooltip(run: Run): vscode.MarkdownString {
  const { status } = run;
  const text = new vscode.MarkdownString();
  const line = (label: string, value: string | null | undefined) => {
    if (value) text.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendText(titleOf(run)).appendMarkdown('\n\n');
  line(vscode.l10n.t('State'), describeAloud(run));
  line(vscode.l10n.t('Reason'), run.problem ?? status?.message);
  line(vscode.l10n.t('Started'), startTime(run.directory));
  const threads = vscode.l10n.t('{0} threads', status?.threads ?? '?');
  line(
    vscode.l10n.t('Device'),
    status?.device && [status.device, status.adapter, status.engine, threads].filter(Boolean).join(', '),
  );
  line(vscode.l10n.t('Tags'), run.tags.join(', '));
  line(vscode.l10n.t('Notes'), run.notes);
  line(
    vscode.l10n.t('Forked from'),
    run.parent && `${run.parent.directory}, ${vscode.l10n.t('step {0}', countText(run.parent.step))}`,
  );
  line(vscode.l10n.t('Experiment'), run.source);
  line(vscode.l10n.t('Folder'), run.directory);
  return text;
}
