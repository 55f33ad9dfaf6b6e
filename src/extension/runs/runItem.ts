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
  stepsText,
  titleOf,
} from './describe';
import { type ChangedSetting, changesText, changeText } from './forkChanges';
import { headline } from './headline';
import type { Run } from './readRuns';

export interface RunItemOptions {
  /** Further words for the menus. */
  readonly words: readonly RunWord[];
  readonly isBaseline: boolean;
  /** Whether the row is below its experiment, whose name it need not repeat. */
  readonly inGroup: boolean;
  /** What tells the run from others of its title; undefined if there are none. */
  readonly repeat?: string;
  /** The settings in which a fork differs from its parent. */
  readonly changes: readonly ChangedSetting[];
  /** Names as the view has room for them. */
  readonly shortName: (name: string) => string;
}

export function runItem(run: Run, options: RunItemOptions): vscode.TreeItem {
  const { words, isBaseline, changes } = options;
  const { label, description } = rowOf(run, options);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  const [icon, color] = stateIcons[shownState(run)];
  const baseline = vscode.l10n.t('baseline');
  item.id = run.directory;
  const [first = '', ...rest] = description;
  const marked = options.repeat === undefined ? [baseline, first] : [first, baseline];
  item.description = [...(isBaseline ? marked : [first]), ...rest].filter((part) => part !== '').join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.contextValue = [...contextWords(run), ...words, ...(isBaseline ? ['baseline'] : [])].join(' ');
  const began = startTime(run.directory);
  const fork = run.parent === null ? '' : vscode.l10n.t('fork at step {0}', countText(run.parent.step));
  const parts = [run.name, fork, changesText(changes), isBaseline ? baseline : '', describeAloud(run)];
  const aloud = parts.filter((part) => part !== '').join(', ');
  item.accessibilityInformation = { label: began === '' ? aloud : vscode.l10n.t('{0}, started {1}', aloud, began) };
  item.command = { command: commandIds.openMonitor, title: vscode.l10n.t('Open Monitor'), arguments: [run.directory] };
  return item;
}

/**
 * What a row shows, of which a narrow view has room for the beginning only: first what tells the run from others of its
 * experiment. That is a fork's first step and its changes, and else the name, with the start if several runs have it.
 * Then come when the run ends and how far it is, and the headline number. The icon shows its state.
 */
export function rowOf(
  run: Run,
  { inGroup, repeat, changes, shortName }: Pick<RunItemOptions, 'inGroup' | 'repeat' | 'changes' | 'shortName'>,
): { readonly label: string; readonly description: readonly string[] } {
  const isNamed = run.name !== run.experimentName;
  const began = repeat ?? shortStartTime(run.directory);
  const isTimed = inGroup && !isNamed && began !== '';
  const name = isTimed ? began : shortName(run.name);
  const fork = forkText(run);
  // The name that the user gave says more than the step of a fork.
  const order = isNamed || fork === '' ? [name, fork, changesText(changes)] : [fork, changesText(changes), name];
  const [label = run.name, ...parts] = [
    ...order,
    ...progressOf(run, isTimed ? '' : began, repeat !== undefined),
  ].filter((part) => part !== '');
  return { label, description: parts };
}

function progressOf(run: Run, began: string, isRepeat: boolean): readonly string[] {
  if (isRepeat) return [began, ...progressOf(run, '', false)];
  const { status } = run;
  const state = shownState(run);
  if (status === null) return [stateName(state), began];
  const number = headline(run);
  const { step, steps } = status;
  return {
    underway: [remaining(run), steps > 0 ? `${Math.floor((100 * step) / steps)}%` : '', number, began],
    complete: [began, number],
    cut: [began, stepsText(status), number],
  }[extentOf(state)];
}

/** Whether a run trains, has made all its steps, or ended before the last. */
function extentOf(state: ShownState): 'underway' | 'complete' | 'cut' {
  if (state === 'finished') return 'complete';
  return state === 'running' || state === 'paused' || state === 'stalled' ? 'underway' : 'cut';
}

/** Shown when the pointer is over the row; made then. */
export function runTooltip(run: Run, changes: readonly ChangedSetting[]): vscode.MarkdownString {
  const { status } = run;
  const text = new vscode.MarkdownString();
  const line = (label: string, value: string | null | undefined) => {
    if (value) text.appendText(`${label}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendText(titleOf(run)).appendMarkdown('\n\n');
  line(vscode.l10n.t('State'), describeAloud(run));
  line(vscode.l10n.t('Reason'), run.problem ?? status?.message);
  line(vscode.l10n.t('Started'), startTime(run.directory));
  const threads =
    status?.threads === 1 ? vscode.l10n.t('1 thread') : vscode.l10n.t('{0} threads', status?.threads ?? '?');
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
  line(vscode.l10n.t('Changed settings'), changes.map(changeText).join(', '));
  line(vscode.l10n.t('Experiment'), run.source);
  line(vscode.l10n.t('Folder'), run.directory);
  return text;
}
