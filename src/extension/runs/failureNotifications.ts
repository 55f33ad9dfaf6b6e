// Notifies the user when a running run fails, diverges or crashes, and shows its errors as diagnostics.
import * as vscode from 'vscode';
import { runPaths } from '../../run/directory';
import type { Diagnostics } from '../experiments/diagnosticsInterface';
import type { RunActions } from './runActions';
import { exists } from '../exists';
import { type Log, reportErrors } from '../log';
import { notify } from '../notify';
import type { AnnounceOnce } from './announceOnce';
import { countText, shownState, titleOf, type ShownState } from './describe';
import { isLive, type Run } from './readRuns';
import type { Runs } from './runRegistry';

interface FailureNotificationOptions {
  readonly log: Log;
  readonly runs: Pick<Runs, 'onDidChange'>;
  readonly actions: Pick<RunActions, 'openMonitor' | 'openLog'>;
  readonly diagnostics: Pick<Diagnostics, 'show'>;
  /** Whether the monitor of a run is visible in this window: it shows the failure. */
  readonly isShown: (directory: string) => boolean;
  readonly announceOnce: AnnounceOnce;
}

export function registerFailureNotifications(options: FailureNotificationOptions): vscode.Disposable {
  const { log, runs, diagnostics } = options;
  let live = new Map<string, Run>();
  return runs.onDidChange((all) => {
    const listed = new Set(all.map(({ directory }) => directory));
    // While a folder is being deleted, its status is missing before the folder is.
    const isLost = (run: Run) => run.status === null && live.has(run.directory) && !isLive(run);
    const ended = all.filter((run) => live.has(run.directory) && !isLive(run) && !isLost(run));
    // Without a status it has not begun, and its launch reports why.
    const gone = [...live.values()].filter(({ directory, status }) => status !== null && !listed.has(directory));
    live = new Map(
      all
        .flatMap((run) => (isLive(run) ? [run] : isLost(run) ? [live.get(run.directory)!] : []))
        .map((run) => [run.directory, run]),
    );
    for (const run of ended) {
      diagnostics.show(placedErrors(run));
      const text = messages[shownState(run)]?.(run);
      if (text !== undefined) void reportErrors(log, () => announce(text, run, options));
    }
    for (const run of gone) void reportErrors(log, () => announceGone(run, options));
  });
}

async function announce(
  text: string,
  run: Run,
  { actions, isShown, announceOnce }: FailureNotificationOptions,
): Promise<void> {
  const { directory, status } = run;
  const first = await announceOnce([directory, status?.attempt, shownState(run)].join('\n'));
  if (first && !isShown(directory)) await show(text, run, actions);
}

/** A run may also be no longer listed because its folder was removed from the workspace. */
async function announceGone(run: Run, { announceOnce }: FailureNotificationOptions): Promise<void> {
  const { directory } = run;
  // A folder that is being deleted may still be there, empty.
  if ((await exists(runPaths(directory).experiment)) || !(await announceOnce(`${directory}\ngone`))) return;
  await notify.error(
    vscode.l10n.t('{0} ended because its folder was deleted or moved during training: {1}', titleOf(run), directory),
  );
}

const stepOf = ({ status }: Run): string => countText(status?.step ?? 0);
const reasonOf = ({ status }: Run): string => status?.message ?? vscode.l10n.t('see its log.');

const messages: { readonly [S in ShownState]?: (run: Run) => string } = {
  failed: (run) => vscode.l10n.t('{0} failed at step {1}: {2}', titleOf(run), stepOf(run), reasonOf(run)),
  diverged: (run) => vscode.l10n.t('{0} diverged at step {1}: {2}', titleOf(run), stepOf(run), reasonOf(run)),
  dead: (run) =>
    vscode.l10n.t(
      '{0} exited unexpectedly at step {1} (the process may have run out of memory). Resume it to continue from its last checkpoint.',
      titleOf(run),
      stepOf(run),
    ),
};

async function show(text: string, { directory }: Run, actions: FailureNotificationOptions['actions']): Promise<void> {
  const [monitor, log] = [vscode.l10n.t('Open Monitor'), vscode.l10n.t('Show Log')];
  const chosen = await notify.error(text, monitor, log);
  if (chosen === monitor) actions.openMonitor(directory);
  if (chosen === log) await actions.openLog(directory);
}

const placedErrors = ({ status }: Run) =>
  (status?.errors ?? []).flatMap(({ message, file, line, column }) =>
    file && line ? [{ file, line, column: column ?? 1, message, severity: 'error' as const, code: 'training' }] : [],
  );
