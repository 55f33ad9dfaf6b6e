// "New Experiment": the user selects a preset and data; creates a commented file that is ready to train.
import path from 'node:path';
import * as vscode from 'vscode';
import { dataSources, type DataSourceId, type PresetId } from '../../catalog';
import { slug } from '../../run/directory';
import { freeName } from '../freeName';
import { notify } from '../notify';
import { dataChoices, presetChoices } from './choices';
import { choose } from './choose';
import { matchingSources, newExperimentText } from './template';

/** @returns whether a file was created */
export async function newExperiment(folder?: vscode.Uri): Promise<boolean> {
  const chosen = await choose(([preset, source]: readonly (string | undefined)[]) => {
    if (preset === undefined) return { title: vscode.l10n.t('New Experiment: Preset'), choices: presetChoices() };
    if (source === undefined)
      return {
        title: vscode.l10n.t('New Experiment: Data'),
        choices: dataChoices(matchingSources(preset as PresetId)),
      };
    return undefined;
  }, 2);
  if (chosen === undefined) return false;
  const [preset, source] = chosen as [PresetId, DataSourceId];
  const target = folder ?? (await targetFolder());
  if (target === null) return false;
  const images = source === 'images' ? await pickImages(target) : undefined;
  if (source === 'images' && images === undefined) return false;
  const stem = slug(`${dataSources[source].title}-${preset}`);
  const file = target && (await freeName(target, stem, '.gan.json'));
  const name = file === undefined ? stem : path.posix.basename(file.path).replace(/\.gan\.json$/, '');
  const content = newExperimentText({ name, preset, source, path: images });
  if (file === undefined) {
    const document = await vscode.workspace.openTextDocument({ language: 'jsonc', content });
    await vscode.window.showTextDocument(document);
    const message = vscode.l10n.t('No folder is open. Save the experiment as a *.gan.json file to train it.');
    void notify.info(message);
    return true;
  }
  await vscode.workspace.fs.writeFile(file, Buffer.from(content));
  await vscode.window.showTextDocument(file);
  return true;
}

/** The folder of the active editor, else the only one, else one that the user selects: null if the user cancels. */
async function targetFolder(): Promise<vscode.Uri | undefined | null> {
  const { workspaceFolders: folders = [], getWorkspaceFolder } = vscode.workspace;
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = (active && getWorkspaceFolder(active)) ?? (folders.length === 1 ? folders[0] : undefined);
  if (own !== undefined || folders.length === 0) return own?.uri;
  const placeHolder = vscode.l10n.t('Select a folder for the experiment');
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder }))?.uri ?? null;
}

/** Asks for a folder of images; returns its path relative to the experiment file in `target`. */
async function pickImages(target: vscode.Uri | undefined): Promise<string | undefined> {
  const [chosen] = (await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Select a Folder of Images'),
    openLabel: vscode.l10n.t('Use This Folder'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: target,
  })) ?? [undefined];
  if (chosen === undefined) return undefined;
  const imagesPath = target === undefined ? chosen.fsPath : path.relative(target.fsPath, chosen.fsPath) || '.';
  return (path.isAbsolute(imagesPath) || imagesPath.startsWith('.') ? imagesPath : `./${imagesPath}`).replaceAll(
    '\\',
    '/',
  );
}
