// Copying the experiment of a run, or of a trial, to a new file, to be changed before it is trained.
import path from 'node:path';
import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment';
import { withValue } from '../../experiment/textEdits';
import { readManifestAsync } from '../../run/directory';
import { inspectStatusAsync } from '../../run/status';
import { exists } from '../exists';
import { columnOf } from '../wideColumn';
import { userError } from '../userErrors';
import { placeToEdit } from './settingOrder';

/** Opens a new experiment file with the settings of a run, next to the file that it was started from. */
export async function copyExperiment(directory: string): Promise<void> {
  const { experiment, source } = await readManifestAsync(directory);
  // A run that was trained longer has more steps than its experiment. A damaged status does not prevent a copy.
  const { status } = await inspectStatusAsync(directory);
  await openCopy({ experiment, source, steps: status?.steps }, directory);
}

/**
 * Opens a new experiment file, next to its source: relative paths in it start there.
 * @param directory of the run or the sweep, whose workspace has the copy if the folder of the source was deleted
 */
export async function openCopy({ experiment, source, steps }: Original, directory: string): Promise<void> {
  const folder = await existingFolder(path.dirname(source.path), directory);
  const file = await unusedName(folder, path.basename(source.path));
  const text = copiedText(experiment, source, { name: stemOf(file), steps });
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(file);
  const { offset, length } = placeToEdit(text);
  const selection = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  const viewColumn = columnOf(vscode.Uri.file(source.path));
  await vscode.window.showTextDocument(document, { viewColumn, preview: false, selection });
}

interface Original {
  readonly experiment: unknown;
  readonly source: { readonly path: string; readonly text: string };
  /** The number of steps, if they are not those of the experiment. */
  readonly steps?: number;
}

interface Copy {
  readonly name: string;
  /** The number of steps that the run was trained for, if it is known. */
  readonly steps?: number;
}

/**
 * The text of the experiment file when the run began, with its comments, if the run has its settings; with others, as
 * from the command line or a quick start, all settings of the run. Name and steps are those of the copy.
 */
export function copiedText(
  experiment: unknown,
  source: { readonly path: string; readonly text: string },
  { name, steps }: Copy,
): string {
  const written = parseExperiment(source.text, source.path).experiment;
  const isWritten = JSON.stringify(written) === JSON.stringify(experiment);
  const text = isWritten ? source.text : `${JSON.stringify(experiment, null, 2)}\n`;
  const copied = parseExperiment(text, `${name}.gan.json`).experiment;
  const named = copied?.name === name ? text : withValue(text, ['name'], name);
  return steps === undefined || copied?.steps === steps ? named : withValue(named, ['steps'], steps);
}

/** The folder of the experiment, or if it was deleted that of the workspace. */
async function existingFolder(folder: string, directory: string): Promise<vscode.Uri> {
  if (await exists(folder)) return vscode.Uri.file(folder);
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(directory));
  if (workspace) return workspace.uri;
  throw userError(vscode.l10n.t('The folder {0} of the experiment no longer exists.', folder));
}

const ending = /(?:\.gan)?\.jsonc?$/i;

const stemOf = ({ path: file }: vscode.Uri): string => path.posix.basename(file).replace(ending, '');

/** `ring-2.gan.json` for `ring.gan.json` and for `ring-1.gan.json`: the first number that is not used. */
async function unusedName(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  const end = ending.exec(name)?.[0] ?? '.gan.json';
  const base = name.replace(ending, '').replace(/-\d+$/, '');
  for (let n = 2; ; n++) {
    const file = vscode.Uri.joinPath(folder, `${base}-${n}${end}`);
    if (!(await exists(file.fsPath))) return file;
  }
}
