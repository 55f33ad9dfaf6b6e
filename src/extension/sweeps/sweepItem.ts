// A sweep as an item of the Runs view: its progress in words, and the actions that its menu shows.
import * as vscode from 'vscode';
import { commandIds, type SweepWord } from '../ids';
import { countText } from '../runs/describe';
import type { SweepSummary } from './sweepSummary';

/** Its experiment, and so the runs of that, may have the same name: the row says first that it is a sweep. */
export function sweepItem(sweep: SweepSummary, shortName: (name: string) => string): vscode.TreeItem {
  const label = vscode.l10n.t('Sweep {0}', shortName(sweep.name));
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  const state = stateOf(sweep);
  const hasFailures = sweep.failed > 0 && state !== 'underway';
  const words: readonly SweepWord[] = ['sweep', state, ...(hasFailures ? ['failures' as const] : [])];
  const [icon, color] = icons[state];
  item.id = sweep.directory;
  item.description = describeSweep(sweep);
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.contextValue = words.join(' ');
  item.tooltip = `${vscode.l10n.t('Sweep {0}', sweep.name)}\n${describeSweep(sweep)}\n${sweep.directory}`;
  item.accessibilityInformation = { label: vscode.l10n.t('Sweep {0}, {1}', sweep.name, describeAloud(sweep)) };
  item.command = { command: commandIds.openSweep, title: vscode.l10n.t('Open Sweep'), arguments: [sweep] };
  return item;
}

type SweepState = Exclude<SweepWord, 'sweep' | 'failures'>;

/** `underway`: a trial is running. `unfinished`: some can be resumed, and none is running. */
function stateOf({ left, running }: SweepSummary): SweepState {
  if (running > 0) return 'underway';
  return left > 0 ? 'unfinished' : 'complete';
}

const icons: Readonly<Record<SweepState, readonly [icon: string, color: string]>> = {
  underway: ['layers-active', 'charts.green'],
  unfinished: ['layers', 'charts.yellow'],
  complete: ['layers', 'descriptionForeground'],
};

/** `143/200 · 2 running · 1 failed`. */
export const describeSweep = (sweep: SweepSummary): string =>
  [`${countText(sweep.ended)}/${countText(sweep.trials)}`, ...countTexts(sweep)].join(' · ');

const describeAloud = (sweep: SweepSummary): string =>
  [
    vscode.l10n.t('{0} of {1} trials ended', countText(sweep.ended), countText(sweep.trials)),
    ...countTexts(sweep),
  ].join(', ');

const countTexts = ({ running, failed, diverged }: SweepSummary): string[] => [
  ...(running > 0 ? [vscode.l10n.t('{0} running', countText(running))] : []),
  ...(failed > 0 ? [vscode.l10n.t('{0} failed', countText(failed))] : []),
  ...(diverged > 0 ? [vscode.l10n.t('{0} diverged', countText(diverged))] : []),
];
