// Checks a sweep without starting it: a task, in a terminal that stays open with its output.
import path from 'node:path';
import * as vscode from 'vscode';
import { packagesFolder, trainerEnvironment } from '../launch/trainerProcess';
import { nodePath } from '../settings';
import { savedSweep } from './saveSweep';

/** Runs `earthmover sweep FILE --dry-run`, after saving the file. */
export async function dryRunSweep(context: vscode.ExtensionContext, file: vscode.Uri): Promise<void> {
  if ((await savedSweep(file)) === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(file);
  const name = path.basename(file.fsPath);
  const execution = new vscode.ProcessExecution(
    nodePath() || process.execPath,
    [context.asAbsolutePath('dist/cli.cjs'), 'sweep', file.fsPath, '--dry-run'],
    {
      cwd: folder?.uri.fsPath ?? path.dirname(file.fsPath),
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

/** The variables that have a value. */
const textsOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
