// One line in the status bar while something is trained: how far it is, and the way to its monitor.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { describe } from './describe';
import { isLive } from './runIndex';
import type { Runs } from './runs';

export function registerStatusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('earthmover.progress', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Earthmover: Training';
  const update = () => {
    const live = runs.all.filter(isLive);
    const [run] = live;
    if (run === undefined) return item.hide();
    const { step = 0, steps = 0 } = run.status ?? {};
    const share = steps > 0 ? ` ${Math.floor((100 * step) / steps)}%` : '';
    item.text = live.length === 1 ? `$(pulse) ${run.name}${share}` : `$(pulse) ${live.length} trainings`;
    item.tooltip = live.map((one) => `${one.name}: ${describe(one)}`).join('\n');
    item.command = { command: commandIds.openMonitor, title: 'Open Monitor', arguments: live.length === 1 ? [run.directory] : [] }; // prettier-ignore
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(update));
}
