// Quick starts: a short run of an experiment file, or of a model with everything else chosen for it.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Role } from '../../catalog';
import { makeFolderAsync } from '../../files/folder';
import { replaceFileAsync } from '../../files/replace';
import { slug } from '../../run/directory';
import { clean } from '../../shared/text';
import { errors } from '../userErrors';
import { relativeTo } from '../experiments/modelReferences';
import type { Launched, Launcher } from '../launch/launcherInterface';
import { saveDocuments } from '../launch/saveDocuments';
import { type FoundModel, modelName } from '../models/foundModel';
import { findModelsInThread } from '../models/modelThread';
import { countText } from '../runs/describe';
import { rootOf } from '../settings';
import { trusted } from '../trust';
import {
  adapterText,
  composeQuickStart,
  type NeedsImages,
  type QuickStart,
  quickStartSteps,
} from './composeExperiment';
import type { Experiment } from '../../experiment';

/** Trains an experiment file with fewer steps and more frequent samples. */
export async function quickStartExperiment(launcher: Launcher, file: vscode.Uri): Promise<Launched | undefined> {
  let name = '';
  const launched = await launcher.train(file, (experiment) => {
    ({ name } = experiment);
    return shortenedSettings(experiment);
  });
  if (launched === undefined) return undefined;
  const { steps, samples } = launched.experiment;
  report(
    vscode.l10n.t(
      'Quick start of {0}: {1} steps, samples every {2} steps; otherwise as in the file',
      name,
      countText(steps),
      countText(samples.every),
    ),
  );
  return launched;
}

/** The argument of the command from a CodeLens above a model. */
export interface ModelRef {
  readonly uri: string;
  /** Its name, as from `modelName`. */
  readonly model: string;
  readonly role: Role;
}

/** Trains a model of the workspace against a matching network, on matching data. */
export async function quickStartModel(
  launcher: Launcher,
  { uri, model: name, role }: ModelRef,
): Promise<Launched | undefined> {
  if (!trusted(vscode.l10n.t('start "{0}"', name))) return undefined;
  const file = vscode.Uri.parse(uri);
  if (file.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(file.path));
  const document = await vscode.workspace.openTextDocument(file);
  await saveDocuments([document]);
  const fileName = path.basename(file.fsPath);
  const { models } = await findModelsInThread(document.getText(), file.fsPath);
  const model = models.find((found) => modelName(found) === name);
  if (model === undefined) throw errors.modelNotFound(name, fileName);
  const folder = path.join(rootOf(file), '.earthmover', 'quickstart');
  const composed = await compose(model, role, fileName, folder, file.fsPath);
  if (composed === undefined) return undefined;
  const written = path.join(folder, `${baseNameOf(model, file.fsPath)}.gan.json`);
  await makeFolderAsync(folder);
  await replaceFileAsync(written, composed.text);
  const adapter = adapterText(model, relativeTo(folder, file.fsPath));
  if (adapter !== undefined) await replaceFileAsync(adapterOf(model, folder, file.fsPath), adapter);
  const launched = await launcher.train(vscode.Uri.file(written));
  if (launched) report(vscode.l10n.t('Quick start: {0}', composed.summary));
  return launched;
}

async function compose(
  model: FoundModel,
  role: Role,
  fileName: string,
  folder: string,
  file: string,
): Promise<QuickStart | undefined> {
  const module = model.kind === 'function' ? file : adapterOf(model, folder, file);
  const request = { model, role, fileName, module: relativeTo(folder, module) };
  let composed = composeQuickStart(request);
  if ('needsImages' in composed) {
    const images = await askImages(model, role, composed);
    if (images === undefined) return undefined;
    composed = composeQuickStart({ ...request, images });
  }
  if ('text' in composed) return composed;
  throw errors.noMatchingData(
    modelName(model),
    role,
    'noMatch' in composed ? composed.noMatch : vscode.l10n.t('it needs images'),
  );
}

/** Everything but a function is trained through a module next to the generated experiment. */
const adapterOf = (model: FoundModel, folder: string, file: string): string =>
  path.join(folder, `${baseNameOf(model, file)}.model.ts`);

async function askImages(
  model: FoundModel,
  role: Role,
  { needsImages: { size, channels } }: NeedsImages,
): Promise<string | undefined> {
  const shape = `${size}×${size}×${channels}`;
  const chosen = await vscode.window.showOpenDialog({
    title:
      role === 'critic'
        ? vscode.l10n.t('{0} takes {1} images: select a folder of images to train on', modelName(model), shape)
        : vscode.l10n.t('{0} outputs {1} images: select a folder of images to train on', modelName(model), shape),
    openLabel: vscode.l10n.t('Train on These Images'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
  return chosen?.[0]?.fsPath.replaceAll('\\', '/');
}

const baseNameOf = (model: FoundModel, file: string): string =>
  `${slug(path.basename(file).replace(/\.\w+$/, ''))}-${slug(modelName(model))}`;

/** In the status bar: a notification would lie over the samples when the first ones appear. */
function report(text: string): void {
  vscode.window.setStatusBarMessage(`$(zap) ${clean(text)}`, reportMs);
}

/** Time to read a long summary. */
const reportMs = 20_000;

/**
 * Overrides in the form of `--set`: at most `quickStartSteps` steps of a single seed, with about twenty sample images,
 * under a name that tells the run from those of the whole experiment, as the quick start of a model has one.
 */
export function shortenedSettings({ name, steps, samples, seeds }: Experiment): string[] {
  const few = Math.min(steps, quickStartSteps);
  const every = Math.min(samples.every, Math.max(1, Math.round(few / 20)));
  const called = / quick start$/.test(name) ? [] : [`name=${name.slice(0, 180)} quick start`];
  return [...called, `steps=${few}`, `samples.every=${every}`, ...(seeds > 1 ? ['seeds=1'] : [])];
}
