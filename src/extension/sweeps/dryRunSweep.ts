// Checks a sweep without starting it: a task, in a terminal that stays open with its output.
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { packagesFolder, trainerEnvironment } from '../launch/trainerProcess';
import { nameOfSweep, parseSweep } from '../../sweep/parseSweep';
import { defaultSweepDirectory } from '../../sweep/sweepDirectory';
import { nodePath, rootOf } from '../settings';
import { savedSweep } from './saveSweep';

/** Runs `earthmover sweep FILE --dry-run`, after saving the file. */
export async function dryRunSweep(context: vscode.ExtensionContext, file: vscode.Uri): Promise<void> {
  const document = await savedSweep(file);
  if (document === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(file);
  const name = path.basename(file.fsPath);
  const execution = new vscode.ProcessExecution(
    nodePath() || process.execPath,
    [
      context.asAbsolutePath('dist/cli.cjs'),
      ...['sweep', file.fsPath, '--dry-run'],
      ...(folder ? [] : ['--out', directoryOf(file, document)]),
    ],
    {
      // Where a window without a folder may start a terminal, also of a remote machine.
      cwd: folder?.uri.fsPath ?? os.homedir(),
      env: textsOf(trainerEnvironment(process.env, packagesFolder(context))),
    },
  );
  const scope = folder ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: 'process' }, scope, name, 'Earthmover', execution);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    clear: true,
  };
  await vscode.tasks.executeTask(task);
}

/** The directory of the sweep, which is beside a file outside of the workspace. */
const directoryOf = (file: vscode.Uri, document: vscode.TextDocument): string =>
  defaultSweepDirectory(rootOf(file), nameOfSweep(parseSweep(document.getText(), file.fsPath)));

/** The variables that have a value. */
const textsOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
