// Notifies the user when a running run fails, diverges or crashes, and shows its errors as diagnostics.
import * as vscode from 'vscode';
import type { Diagnostics } from '../experiments/diagnostics';
import type { RunActions } from './actions';
import { notify } from '../notify';
import { shownState, type ShownState } from './describe';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

export function registerFailureNotifications(
  runs: Runs,
  actions: RunActions,
  diagnostics: Diagnostics,
): vscode.Disposable {
  let live = new Set<string>();
  return runs.onDidChange((all) => {
    const ended = all.filter((run) => live.has(run.directory) && !isLive(run));
    live = new Set(all.filter(isLive).map(({ directory }) => directory));
    for (const run of ended) {
      diagnostics.show(placedErrors(run));
      const text = messages[shownState(run)]?.(run);
      if (text !== undefined) void show(text, run, actions);
    }
  });
}

const reasonOr = (message: string | null | undefined): string => message ?? vscode.l10n.t('see its log.');

const messages: { readonly [S in ShownState]?: (run: Run) => string } = {
  failed: ({ name, status }) =>
    vscode.l10n.t('{0} failed at step {1}: {2}', name, status?.step ?? 0, reasonOr(status?.message)),
  diverged: ({ name, status }) =>
    vscode.l10n.t('{0} diverged at step {1}: {2}', name, status?.step ?? 0, reasonOr(status?.message)),
  dead: ({ name, status }) =>
    vscode.l10n.t(
      '{0} exited unexpectedly at step {1} (the process may have run out of memory). Resume it to continue from its last checkpoint.',
      name,
      status?.step ?? 0,
    ),
};

async function show(text: string, { directory }: Run, actions: RunActions): Promise<void> {
  const [monitor, log] = [vscode.l10n.t('Open Monitor'), vscode.l10n.t('Show Log')];
  const chosen = await notify.error(text, monitor, log);
  if (chosen === monitor) actions.openMonitor(directory);
  if (chosen === log) await actions.openLog(directory);
}

const placedErrors = ({ status }: Run) =>
  (status?.errors ?? []).flatMap(({ message, file, line, column }) =>
    file && line ? [{ file, line, column: column ?? 1, message, severity: 'error' as const, code: 'training' }] : [],
  );
