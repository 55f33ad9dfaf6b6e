// The panels of sweeps: one for each sweep, restored after a reload.
import path from 'node:path';
import * as vscode from 'vscode';
import type { ToPage } from '../../protocol/monitor';
import type { FromSweepPage } from '../../protocol/sweep';
import { isFromSweep } from '../../protocol/monitorChecks';
import { readManifestAsync } from '../../run/directory';
import { folderInsideAsync, inside, readJsonAsync } from '../../run/diskAccess';
import { isRecord } from '../../shared/isRecord';
import { numbered } from '../../sweep/sweepDirectory';
import { sweepViewType } from '../ids';
import { reportErrors, type Log } from '../log';
import { pageAccess, showPage } from '../monitor/pagePanel';
import { stampOf } from '../monitor/runFiles';
import { userError } from '../userErrors';
import { wideColumn } from '../wideColumn';
import { feedSweep } from './feedSweep';
import type { SweepActions } from './actionsInterface';
import type { SweepProcesses } from './sweepProcess';

interface NamedRun {
  readonly directory: string;
  readonly name: string;
}

export interface SweepPanelServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly openMonitor: (run: NamedRun) => void;
  readonly openCompare: (runs: readonly NamedRun[]) => void;
  readonly actions: SweepActions;
  readonly processes: SweepProcesses;
}

export interface SweepPanels {
  /** Opens the page of a sweep, or reveals it if it is open. */
  open(directory: string, name: string): void;
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  /** Whether the page of a sweep can be seen in this window. */
  isVisible(directory: string): boolean;
  close(directory: string): void;
}

export function createSweepPanels(services: SweepPanelServices): SweepPanels {
  const panels = new Map<string, vscode.WebviewPanel>();
  const adopt = (panel: vscode.WebviewPanel, directory: string, title: string) => {
    panels.set(directory, panel);
    panel.onDidDispose(() => panels.delete(directory));
    panel.webview.options = pageAccess(services.context, []);
    let post: (message: ToPage) => void = () => {};
    showPage(panel, {
      context: services.context,
      log: services.log,
      title,
      handle(message) {
        if (!isFromSweep(message)) return;
        const { type } = message;
        void reportErrors(services.log, () => handle(services, directory, message)).then(() => {
          if (type === 'resumeSweep' || type === 'cancelSweep') post({ type: 'sweepAnswered', request: type });
        });
      },
      start(send) {
        post = send;
        const working = () => services.processes.isWorking(directory);
        return Promise.resolve(feedSweep({ directory, working, post }));
      },
    });
  };
  return {
    open(directory, name) {
      const opened = panels.get(directory);
      if (opened) return opened.reveal();
      const title = vscode.l10n.t('Sweep {0}', name);
      adopt(vscode.window.createWebviewPanel(sweepViewType, title, wideColumn()), directory, title);
    },
    restore(panel, state) {
      const directory = restoredSweep(state);
      if (directory === undefined || panels.has(directory)) panel.dispose();
      else adopt(panel, directory, panel.title);
    },
    isVisible: (directory) => panels.get(directory)?.visible === true,
    close: (directory) => panels.get(directory)?.dispose(),
  };
}

async function handle(
  { actions, openMonitor, openCompare }: SweepPanelServices,
  directory: string,
  message: FromSweepPage,
): Promise<void> {
  switch (message.type) {
    case 'openTrial':
      return openMonitor(await runOf(directory, message.trial));
    case 'openTrialLog':
      return openTrialLog(directory, message.trial);
    case 'copyTrial':
      return actions.copyTrial(directory, message.trial);
    case 'compareTrials':
      return openCompare(await Promise.all(message.trials.map((trial) => runOf(directory, trial))));
    case 'resumeSweep':
      return actions.resume(directory, message.failed);
    case 'cancelSweep':
      return actions.cancel(directory);
    case 'openSweepFile':
      return openSweepFile(directory);
    case 'openSweepLog':
      return actions.openLog(directory);
    case 'revealSweep':
      return actions.reveal(directory);
  }
}

/** The run of a trial. Throws a UserError if it has not begun. */
async function runOf(directory: string, trial: number): Promise<NamedRun> {
  const run = await folderInsideAsync(directory, 'runs', numbered(trial));
  if ((await stampOf(run)) === 'ENOENT')
    throw userError(vscode.l10n.t('Trial {0} has no run yet. It is created when the trial starts.', trial));
  const { experiment } = await readManifestAsync(run);
  const { name } = experiment as { name?: unknown };
  return { directory: run, name: typeof name === 'string' ? name : numbered(trial) };
}

async function openTrialLog(directory: string, trial: number): Promise<void> {
  const file = inside(await folderInsideAsync(directory, 'logs'), `${numbered(trial)}.txt`);
  if ((await stampOf(file)) === 'ENOENT')
    throw userError(vscode.l10n.t('Trial {0} has no log yet. It is created when the trial starts.', trial));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside });
}

/** Opens the sweep file that the sweep was started from. */
async function openSweepFile(directory: string): Promise<void> {
  const record = inside(directory, 'sweep.json');
  const found = await readJsonAsync(record, 1 << 28, '');
  const source = isRecord(found) && isRecord(found.source) ? found.source.path : undefined;
  if (typeof source !== 'string' || !path.isAbsolute(source) || (await stampOf(source)) === 'ENOENT')
    throw userError(
      vscode.l10n.t('The sweep file {0} no longer exists. A copy of its text is in {1}.', String(source), record),
    );
  await vscode.window.showTextDocument(vscode.Uri.file(source), { viewColumn: vscode.ViewColumn.Beside });
}

/** The directory in the saved state of a page; undefined if it is none. */
function restoredSweep(state: unknown): string | undefined {
  const { sweep } = (isRecord(state) ? state : {}) as { sweep?: unknown };
  return typeof sweep === 'string' && path.isAbsolute(sweep) ? sweep : undefined;
}
