// The page of the doctor: runs `earthmover doctor` where runs would be written, and shows each check as it ends.
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type DoctorAction, type DoctorCheck, type DoctorReport, isDoctorCheck } from '../../protocol/doctor';
import type { ToPage } from '../../protocol/monitor';
import { isFromDoctor } from '../../protocol/monitorChecks';
import { exists } from '../exists';
import { commandIds, settingIds } from '../ids';
import { runCommandLine } from '../launch/runCommandLine';
import { type Log, reportErrors } from '../log';
import { pageAccess, showPage } from '../monitor/pagePanel';
import type { ListedFolders } from '../listedFolders';
import { nodePath } from '../settings';
import { reportText } from './reportText';

export interface DoctorServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly folders: ListedFolders;
}

export function showDoctor(services: DoctorServices, panel: vscode.WebviewPanel): void {
  const { context, log } = services;
  let report: DoctorReport | undefined;
  let post: (message: ToPage) => void = () => {};
  let checks = new AbortController();
  const update = (next: DoctorReport) => {
    report = next;
    post({ type: 'doctor', ...next });
  };
  const check = async () => {
    checks.abort();
    checks = new AbortController();
    await runChecks(services, checks.signal, update);
  };
  panel.onDidDispose(() => checks.abort());
  panel.webview.options = pageAccess(context, []);
  showPage(panel, {
    context,
    log,
    title: vscode.l10n.t('Doctor'),
    start(send) {
      post = send;
      if (report) update(report);
      else void reportErrors(log, check);
      return Promise.resolve(undefined);
    },
    handle(message) {
      if (!isFromDoctor(message)) return;
      void reportErrors(log, () => (message.action === 'checkAgain' ? check() : act(message.action, report)));
    },
  });
}

/** How long the checks may take. */
const timeout = 60_000;

async function runChecks(
  { context, log, folders }: DoctorServices,
  stopped: AbortSignal,
  update: (report: DoctorReport) => void,
): Promise<void> {
  const { displayName, version } = context.extension.packageJSON as { displayName: string; version: string };
  const where = vscode.env.remoteName === undefined ? '' : ` (${vscode.env.remoteName})`;
  const about = `${displayName} ${version}\nVS Code ${vscode.version}${where}\n${nodePath() || process.execPath}`;
  const checks: DoctorCheck[] = [];
  const show = (checking: boolean, problem: string | null = null) => {
    if (!stopped.aborted) update({ about, checks: [...checks], checking, problem });
  };
  show(true);
  try {
    await runCommandLine(context, ['doctor', '--json'], {
      cwd: await existingFolder(folders.all[0] ?? os.homedir()),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(timeout)]),
      onEvent(line) {
        const ended = { todo: null, ...line };
        if (!isDoctorCheck(ended)) return;
        checks.push(ended as unknown as DoctorCheck);
        show(true);
      },
    });
    show(false);
  } catch (error) {
    // It exits with a code if a check fails, which its line says.
    const known = checks.some(({ level }) => level === 'fail');
    show(false, known ? null : error instanceof Error ? error.message : String(error));
  }
  log.info(`doctor\n${reportText({ about, checks })}`);
}

/** The folder, or the nearest one above it: a workspace has no folder of runs before the first one. */
async function existingFolder(folder: string): Promise<string> {
  const above = path.dirname(folder);
  return above === folder || (await exists(folder)) ? folder : existingFolder(above);
}

async function act(action: Exclude<DoctorAction, 'checkAgain'>, report: DoctorReport | undefined): Promise<void> {
  const { executeCommand } = vscode.commands;
  switch (action) {
    case 'copyReport':
      if (report) await vscode.env.clipboard.writeText(reportText(report));
      return void vscode.window.setStatusBarMessage(vscode.l10n.t('Report copied'), 3000);
    case 'showLog':
      return executeCommand(commandIds.showLog);
    case 'installTensorflow':
      return executeCommand(commandIds.installTensorflow);
    case 'openNodePath':
      return executeCommand('workbench.action.openSettings', settingIds.nodePath);
    case 'openRunsFolder':
      return executeCommand('workbench.action.openSettings', settingIds.runsFolder);
    case 'showExtension':
      return executeCommand('extension.open', 'earthmover.earthmover');
  }
}
