// "Save Quick Start as Experiment": the composed file gets a name of its own, where the next quick start leaves it alone.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { errors, userError } from '../errors';
import { modelReferences, relativeTo } from '../experiments/modelReferences';

/** @param chosen the composed file; undefined to have the user choose one of the workspace */
export async function saveQuickStart(chosen: vscode.Uri | undefined): Promise<void> {
  const from = chosen ?? (await pickComposed());
  if (from === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(from)?.uri ?? vscode.Uri.joinPath(from, '..');
  const to = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Quick Start as Experiment'),
    saveLabel: vscode.l10n.t('Save'),
    defaultUri: vscode.Uri.joinPath(folder, path.basename(from.fsPath)),
    filters: { [vscode.l10n.t('Experiments')]: ['gan.json', 'gan.jsonc'] },
  });
  if (to === undefined) return;
  if (to.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(to.path));
  if (to.fsPath === from.fsPath)
    throw userError(vscode.l10n.t('The next quick start overwrites {0}. Choose another name or folder.', to.fsPath));
  await writeFile(to.fsPath, await movedText(from.fsPath, to.fsPath));
  await vscode.window.showTextDocument(to);
}

/** The text of the experiment for its new place: without the line on who made it, with paths from there, and its adapter beside it. */
async function movedText(from: string, to: string): Promise<string> {
  const name = path.basename(to).replace(/(\.gan)?\.jsonc?$/i, '');
  const text = renamed(unsigned(await readFile(from, 'utf8')), name);
  let moved = text;
  for (const { module } of modelReferences(text).reverse()) {
    const target = path.resolve(path.dirname(from), module.value);
    const isAdapter = path.dirname(target) === path.dirname(from);
    const kept = isAdapter ? path.join(path.dirname(to), path.basename(target)) : target;
    if (isAdapter) await copyAdapter(target, kept);
    const way = JSON.stringify(relativeTo(path.dirname(to), kept));
    moved = moved.slice(0, module.offset) + way + moved.slice(module.offset + module.length);
  }
  return moved;
}

/** The comment above the file says that it will be overwritten, which is no longer so. */
const unsigned = (text: string): string => text.replace(/^(\/\/[^\n]*\n)+/, '');

const renamed = (text: string, name: string): string =>
  text.replace(/^( {2}"name": )"(?:[^"\\\n]|\\.)*"/m, (_, key: string) => key + JSON.stringify(name));

async function copyAdapter(from: string, to: string): Promise<void> {
  const text = await readFile(from, 'utf8');
  const moved = text.replace(/^(import .* from ')(\.[^']*)(';)$/m, (_, head: string, module: string, end: string) => {
    const model = path.resolve(path.dirname(from), module);
    return head + relativeTo(path.dirname(to), model) + end;
  });
  if (from !== to) await writeFile(to, moved.replace(/^\/\/ Made by a quick start: /, '// '));
}

async function pickComposed(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles('**/.earthmover/quickstart/*.gan.json', null, 200);
  if (files.length === 0)
    throw userError(vscode.l10n.t('No quick start to save. Select "Quick start" above a model first.'));
  if (files.length === 1) return files[0];
  const items = files.map((uri) => ({
    label: path.basename(uri.fsPath),
    description: vscode.workspace.asRelativePath(uri),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Select a quick start to save') }))
    ?.uri;
}
