// "New Experiment": the user selects a preset and data; creates a commented file that is ready to train.
import path from 'node:path';
import * as vscode from 'vscode';
import { presets, type DataSourceId, type PresetEntry, type PresetId } from '../../catalog';
import { freeName } from '../freeName';
import { notify } from '../notify';
import { type Choice, dataChoices, presetChoices } from './choices';
import { choose } from './choose';
import { matchingSources, newExperimentText } from './template';

/** @returns whether a file was created */
export async function newExperiment(folder?: vscode.Uri): Promise<boolean> {
  const folders = folder ? [] : foldersToAsk();
  const chosen = await choose(
    ([preset, source, target]: readonly (string | undefined)[]) => {
      if (preset === undefined) return { title: vscode.l10n.t('New Experiment: Preset'), choices: presetChoices() };
      if (source === undefined)
        return {
          title: vscode.l10n.t('New Experiment: Data'),
          choices: dataChoices(matchingSources(preset as PresetId)),
        };
      if (target === undefined && folders.length > 0)
        return { title: vscode.l10n.t('New Experiment: Folder'), choices: folders.map(folderChoice) };
      return undefined;
    },
    folders.length > 0 ? 3 : 2,
  );
  if (chosen === undefined) return false;
  const [preset, source, chosenFolder] = chosen as [PresetId, DataSourceId, string?];
  const target = folder ?? folders.find(({ uri }) => uri.toString() === chosenFolder)?.uri ?? ownFolder();
  const images = source === 'images' ? await pickImages(target) : undefined;
  if (source === 'images' && images === undefined) return false;
  const stem = shortName(preset, source);
  const file = target && (await freeName(target, stem, '.gan.json'));
  const name = file === undefined ? stem : path.posix.basename(file.path).replace(/\.gan\.json$/, '');
  const content = newExperimentText({ name, preset, source, path: images });
  if (file === undefined) {
    const document = await vscode.workspace.openTextDocument({ language: 'jsonc', content });
    await vscode.window.showTextDocument(document, { preview: false });
    const message = vscode.l10n.t('No folder is open. Save the experiment as a *.gan.json file to train it.');
    void notify.info(message);
    return true;
  }
  await vscode.workspace.fs.writeFile(file, Buffer.from(content));
  await vscode.window.showTextDocument(file, { preview: false });
  return true;
}

/** `ring-wgan-gp`, which fits lists of runs; for a preset with its own data the preset says it all. */
export const shortName = (preset: PresetId, source: DataSourceId): string =>
  (presets[preset] as PresetEntry).data === source ? preset : `${source.replace(/^gaussians-/, '')}-${preset}`;

/** The folder of the active editor, else the only one; undefined if there is none, or the user has to choose. */
function ownFolder(): vscode.Uri | undefined {
  const { workspaceFolders: folders = [], getWorkspaceFolder } = vscode.workspace;
  const active = vscode.window.activeTextEditor?.document.uri;
  return ((active && getWorkspaceFolder(active)) ?? (folders.length === 1 ? folders[0] : undefined))?.uri;
}

/** The folders of which the user has to choose one; none if it is clear. */
const foldersToAsk = (): readonly vscode.WorkspaceFolder[] =>
  ownFolder() === undefined ? (vscode.workspace.workspaceFolders ?? []) : [];

const folderChoice = ({ uri, name }: vscode.WorkspaceFolder): Choice<string> => ({
  id: uri.toString(),
  title: name,
  text: uri.fsPath,
});

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
