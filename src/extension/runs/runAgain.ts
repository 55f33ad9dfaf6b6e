// Running a run again: a new experiment file with its settings, to be changed before it is trained.
import path from 'node:path';
import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment';
import { readManifestAsync } from '../../run/directory';
import { exists } from '../exists';
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
  if (await exists(folder)) return vscode.Uri.file(folder);
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(directory));
  if (workspace) return workspace.uri;
  throw userError(vscode.l10n.t('The folder {0} of the experiment no longer exists.', folder));
}

/** `ring-2.gan.json` for `ring.gan.json` and for `ring-1.gan.json`: the first number that is not used. */
async function unusedName(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  const [, base, ending] = /^(.*?)(?:-\d+)?((?:\.gan)?\.jsonc?)$/i.exec(name) ?? ['', name, '.gan.json'];
  for (let n = 2; ; n++) {
    const file = vscode.Uri.joinPath(folder, `${base}-${n}${ending}`);
    if (!(await exists(file.fsPath))) return file;
  }
}
