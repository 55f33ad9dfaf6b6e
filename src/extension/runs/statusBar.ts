// The status bar item while a run is live: its progress and remaining time. A click opens its monitor.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { describe, remaining, describeAloud, titleOf } from './describe';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

export function registerStatusBar(runs: Pick<Runs, 'all' | 'onDidChange'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('earthmover.progress', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Earthmover: Training');
  let shown: string | undefined;
  let target: string | undefined;
  const show = () => {
    const live = runs.all.filter(isLive);
    if (live.length === 0) {
      shown = undefined;
      return item.hide();
    }
    const text = textOf(live);
    const details = live.map((one) => `${titleOf(one)}: ${describe(one)}`).join('\n');
    if (`${text}\n${details}` === shown) return;
    shown = `${text}\n${details}`;
    item.text = text;
    item.tooltip = details;
    item.accessibilityInformation = {
      label: live.map((one) => `${titleOf(one)}, ${describeAloud(one)}`).join('; '),
      role: 'button',
    };
    // VS Code loses a click on an item whose command is set again at that moment, even to an equal one.
    const directory = live.length === 1 ? live[0].directory : '';
    if (directory !== target)
      item.command = {
        command: commandIds.openMonitor,
        title: vscode.l10n.t('Open Monitor'),
        arguments: directory === '' ? [] : [directory],
      };
    target = directory;
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(show));
}

/** `ring 48% · 4 min`, or `2 runs`; long names are truncated. */
function textOf(live: readonly Run[]): string {
  if (live.length > 1) return `$(pulse) ${vscode.l10n.t('{0} runs', live.length)}`;
  const [run] = live;
  const { step = 0, steps = 0 } = run.status ?? {};
  const title = titleOf(run);
  const name = title.length > 24 ? `${title.slice(0, 23)}…` : title;
  const icon = run.status?.state === 'paused' ? 'debug-pause' : 'pulse';
  const left = remaining(run);
  const percent = steps > 0 ? ` ${Math.floor((100 * step) / steps)}%` : '';
  return `$(${icon}) ${name}${percent}${left === '' ? '' : ` · ${left}`}`;
}
