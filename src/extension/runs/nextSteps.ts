// What to do with a run that has ended: run it again with a change, or fork it from a checkpoint.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment';
import { readManifestAsync, runPaths } from '../../run/directory';
import type { Fork, Launcher } from '../launch/launcherInterface';
import { userError } from '../userErrors';

/** Opens a new experiment file with the settings of the run, next to the file that it was started from. */
export async function runAgain(directory: string): Promise<void> {
  const { experiment, source } = await readManifestAsync(directory);
  const folder = await existingFolder(path.dirname(source.path), directory);
  const file = await unusedName(folder, path.basename(source.path));
  await vscode.workspace.fs.writeFile(file, Buffer.from(experimentText(experiment, source)));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}

/**
 * The text of the experiment file when the run began, with its comments, if the run has its settings; with others, as
 * from the command line or a quick start, all settings of the run.
 */
export function experimentText(experiment: unknown, source: { readonly path: string; readonly text: string }): string {
  const written = parseExperiment(source.text, source.path).experiment;
  if (JSON.stringify(written) === JSON.stringify(experiment)) return source.text;
  return `${JSON.stringify(experiment, null, 2)}\n`;
}

/** The folder of the experiment, or if it was deleted that of the workspace. */
async function existingFolder(folder: string, directory: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.file(folder);
  if (await exists(uri)) return uri;
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(directory));
  if (workspace) return workspace.uri;
  throw userError(vscode.l10n.t('The folder {0} of the experiment no longer exists.', folder));
}

/** `ring-2.gan.json` for `ring.gan.json` and for `ring-1.gan.json`: the first number that is not used. */
async function unusedName(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  const [, base, ending] = /^(.*?)(?:-\d+)?((?:\.gan)?\.jsonc?)$/i.exec(name) ?? ['', name, '.gan.json'];
  for (let n = 2; ; n++) {
    const file = vscode.Uri.joinPath(folder, `${base}-${n}${ending}`);
    if (!(await exists(file))) return file;
  }
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );

/** Asks for the checkpoint and the changes, and starts the fork. Undefined if the user cancels. */
export async function askFork(launcher: Pick<Launcher, 'fork'>, parent: string): Promise<string | undefined> {
  const { experiment } = await readManifestAsync(parent);
  const { steps = 0 } = experiment as { readonly steps?: number };
  const step = await askCheckpoint(await checkpointSteps(parent));
  if (step === undefined) return undefined;
  const assignments = await askChanges();
  if (assignments === undefined) return undefined;
  const total = await askTotal(step, steps);
  if (total === undefined) return undefined;
  // A run that trains removes old checkpoints, also while the user answers.
  if (!(await checkpointSteps(parent)).includes(step))
    throw userError(
      vscode.l10n.t(
        '{0} has replaced its checkpoint at step {1} by newer ones. Pause it, then fork it again.',
        path.basename(parent),
        step,
      ),
    );
  const fork: Fork = { step, steps: total, assignments };
  return launcher.fork(parent, fork);
}

/** The steps that have a checkpoint, the newest first. Throws a UserError if there are none. */
async function checkpointSteps(parent: string): Promise<number[]> {
  const names = await readdir(runPaths(parent).checkpoints).catch((): string[] => []);
  const steps = names.flatMap((name) => {
    const [, step] = /^step-(\d{1,15})$/.exec(name) ?? [];
    return step === undefined ? [] : [Number(step)];
  });
  if (steps.length === 0)
    throw userError(vscode.l10n.t('{0} has no checkpoint yet. Fork it after its first one.', path.basename(parent)));
  return steps.sort((a, b) => b - a);
}

async function askCheckpoint(steps: readonly number[]): Promise<number | undefined> {
  const items = steps.map((step, i) => ({
    label: vscode.l10n.t('Step {0}', step),
    description: i === 0 ? vscode.l10n.t('newest') : undefined,
    step,
  }));
  const placeHolder = vscode.l10n.t('Select a checkpoint to start from');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.step;
}

async function askChanges(): Promise<string[] | undefined> {
  const entered = await vscode.window.showInputBox({
    title: vscode.l10n.t('Fork Run'),
    prompt: vscode.l10n.t('Settings to change, separated by spaces. Leave empty to change nothing.'),
    placeHolder: 'optimizer.learningRate=0.0001 constraint.lambda=10',
    ignoreFocusOut: true,
    validateInput: (text) =>
      assignmentsIn(text).every((assignment) => /^[\w.-]+=./.test(assignment))
        ? undefined
        : vscode.l10n.t('Enter settings as key=value, for example optimizer.learningRate=0.0001'),
  });
  return entered === undefined ? undefined : assignmentsIn(entered);
}

/** `a.b=1 c={"d": 2}` as two assignments: a space separates them only before the next key. */
export const assignmentsIn = (text: string): string[] =>
  text
    .trim()
    .split(/\s+(?=[\w.-]+=)/)
    .filter((assignment) => assignment !== '');

async function askTotal(step: number, steps: number): Promise<number | undefined> {
  const entered = await vscode.window.showInputBox({
    title: vscode.l10n.t('Fork Run'),
    prompt: vscode.l10n.t('Total number of steps'),
    value: String(steps > step ? steps : 2 * step),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\d{1,9}$/.test(text.trim()) && Number(text) > step
        ? undefined
        : vscode.l10n.t('Enter a whole number greater than {0}.', step),
  });
  return entered === undefined ? undefined : Number(entered);
}
