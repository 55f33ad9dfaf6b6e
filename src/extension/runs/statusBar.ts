// The status bar item while a run is live: its progress and remaining time. A click opens its monitor.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { describe, remaining, describeAloud, titleOf } from './describe';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

/** VS Code loses a click on an item that changes at that moment, so that progress is shown this often at most. */
export const everyMs = 5000;

export function registerStatusBar(runs: Pick<Runs, 'all' | 'onDidChange'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('earthmover.progress', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Earthmover: Training');
  let shown: Content | undefined;
  let shownAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    clearTimeout(timer);
    const live = runs.all.filter(isLive);
    if (live.length === 0) {
      shown = undefined;
      return item.hide();
    }
    const content = contentOf(live);
    if (content.subject === shown?.subject) {
      if (content.text === shown.text) return;
      const wait = shownAt + everyMs - Date.now();
      if (wait > 0) return void (timer = setTimeout(show, wait));
    }
    shown = content;
    shownAt = Date.now();
    item.text = content.text;
    item.tooltip = live.map((one) => `${titleOf(one)}: ${describe(one)}`).join('\n');
    item.accessibilityInformation = {
      label: live.map((one) => `${titleOf(one)}, ${describeAloud(one)}`).join('; '),
      role: 'button',
    };
    const title = vscode.l10n.t('Open Monitor');
    item.command = {
      command: commandIds.openMonitor,
      title,
      arguments: live.length === 1 ? [live[0].directory] : [],
    };
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(show), new vscode.Disposable(() => clearTimeout(timer)));
}

interface Content {
  /** What the text is about. If it changes, the item changes at once. */
  readonly subject: string;
  readonly text: string;
}

/** `ring 48% · 4 min`, or `2 runs`; long names are truncated. */
function contentOf(live: readonly Run[]): Content {
  const subject = live.map(({ directory, status }) => `${directory} ${status?.state}`).join('\n');
  if (live.length > 1) return { subject, text: `$(pulse) ${vscode.l10n.t('{0} runs', live.length)}` };
  const [run] = live;
  const { step = 0, steps = 0 } = run.status ?? {};
  const title = titleOf(run);
  const name = title.length > 24 ? `${title.slice(0, 23)}…` : title;
  const icon = run.status?.state === 'paused' ? 'debug-pause' : 'pulse';
  const left = remaining(run);
  const percent = steps > 0 ? ` ${Math.floor((100 * step) / steps)}%` : '';
  return { subject, text: `$(${icon}) ${name}${percent}${left === '' ? '' : ` · ${left}`}` };
}
