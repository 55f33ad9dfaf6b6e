// Notifies the user when a long run finishes while the window is not focused.
import * as vscode from 'vscode';
import { secondsOf } from '../../protocol/status';
import { notify } from '../notify';
import { notifyAfterMinutes } from '../settings';
import type { RunActions } from './runActions';
import { countText, titleOf } from './describe';
import { headline } from './headline';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

export function registerEndNotifications(
  runs: Pick<Runs, 'onDidChange'>,
  actions: Pick<RunActions, 'openMonitor'>,
): vscode.Disposable {
  let live = new Set<string>();
  return runs.onDidChange((all) => {
    const ended = all.filter((run) => live.has(run.directory) && !isLive(run));
    live = new Set(all.filter(isLive).map(({ directory }) => directory));
    const minutes = notifyAfterMinutes();
    // Failures are reported in any case, by another listener.
    const finished = ended.filter(({ status }) => status?.state === 'finished');
    if (minutes === 0 || vscode.window.state.focused) return;
    for (const run of finished) if (run.status && secondsOf(run.status) >= 60 * minutes) void show(run, actions);
  });
}

async function show(run: Run, actions: Pick<RunActions, 'openMonitor'>): Promise<void> {
  const { status, directory } = run;
  const last = headline(run);
  const message = vscode.l10n.t('{0} finished after {1} steps.', titleOf(run), countText(status?.step ?? 0));
  const open = vscode.l10n.t('Open Monitor');
  const result = last === '' ? '' : ` ${vscode.l10n.t('Last value: {0}.', last)}`;
  if ((await notify.info(`${message}${result}`, open)) === open) actions.openMonitor(directory);
}
