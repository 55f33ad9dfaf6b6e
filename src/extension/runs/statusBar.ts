// The status bar item while a run is live: its progress and remaining time. A click opens its monitor.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { describe, remaining, describeAloud } from './describe';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

export function registerStatusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('earthmover.progress', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Earthmover: Training');
  const update = () => {
    const live = runs.all.filter(isLive);
    const [run] = live;
    if (run === undefined) return item.hide();
    item.text = live.length === 1 ? oneText(run) : `$(pulse) ${vscode.l10n.t('{0} runs', live.length)}`;
    item.tooltip = live.map((one) => `${one.name}: ${describe(one)}`).join('\n');
    item.accessibilityInformation = {
      label: live.map((one) => `${one.name}, ${describeAloud(one)}`).join('; '),
      role: 'button',
    };
    const title = vscode.l10n.t('Open Monitor');
    item.command = { command: commandIds.openMonitor, title, arguments: live.length === 1 ? [run.directory] : [] };
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(update));
}

/** `ring 1200/2500 · 4 min`; long names are truncated. */
function oneText(run: Run): string {
  const { step = 0, steps = 0 } = run.status ?? {};
  const name = run.name.length > 24 ? `${run.name.slice(0, 23)}…` : run.name;
  const icon = run.status?.state === 'paused' ? 'debug-pause' : 'pulse';
  const left = remaining(run);
  return `$(${icon}) ${name}${steps > 0 ? ` ${step}/${steps}` : ''}${left === '' ? '' : ` · ${left}`}`;
}
