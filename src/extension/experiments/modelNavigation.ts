// The models that an experiment file refers to: go to definition, links, and completion of paths and exports.
import path from 'node:path';
import * as vscode from 'vscode';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import type { FoundModel } from '../models/foundModel';
import { findModelsInThread } from '../models/modelThread';
import { type ModelReference, modelReferences, referenceAt, relativeTo, type StringLiteral } from './modelReferences';

export async function provideDefinition(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.LocationLink[]> {
  const at = referenceAt(document.getText(), document.offsetAt(position));
  if (at === undefined) return [];
  const file = moduleOf(document, at.place);
  const text = await textOf(file);
  if (text === undefined) return [];
  const start = positionIn(text, (await modelIn(text, file, at.place.exported))?.offset ?? 0);
  const range = new vscode.Range(start, start);
  return [{ originSelectionRange: rangeOf(document, at.spot), targetUri: vscode.Uri.file(file), targetRange: range }];
}

export async function provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
  const links = modelReferences(document.getText()).map(async (place) => {
    const file = moduleOf(document, place);
    const text = await textOf(file);
    if (text === undefined) return [];
    const { line, character } = positionIn(text, (await modelIn(text, file, place.exported))?.offset ?? 0);
    const uri = vscode.Uri.file(file).with({ fragment: `L${line + 1},${character + 1}` });
    const link = new vscode.DocumentLink(rangeOf(document, place.module, 1), uri);
    link.tooltip = vscode.l10n.t('Go to model {0}', place.exported);
    return [link];
  });
  return (await Promise.all(links)).flat();
}

export async function provideCompletionItems(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const at = referenceAt(document.getText(), document.offsetAt(position));
  if (at === undefined) return [];
  const offers = at.key === 'module' ? await modulesFor(document) : await exportsOf(moduleOf(document, at.place));
  return offers.map(({ value, detail }) => {
    const item = new vscode.CompletionItem(JSON.stringify(value), kinds[at.key]);
    item.range = rangeOf(document, at.spot);
    item.detail = detail;
    return item;
  });
}

const kinds = { module: vscode.CompletionItemKind.File, export: vscode.CompletionItemKind.Function } as const;

interface Offer {
  readonly value: string;
  readonly detail: string;
}

/** At most this many files are searched. */
const maxFiles = 300;

/** The files of the workspace that export models, relative to the experiment, nearest first. */
async function modulesFor(document: vscode.TextDocument): Promise<Offer[]> {
  const files = await vscode.workspace.findFiles(
    '**/*.{ts,tsx,js,jsx,mjs,cjs,mts,cts}',
    '**/{node_modules,.earthmover,dist,out}/**',
    maxFiles,
  );
  const folder = path.dirname(document.uri.fsPath);
  const offers = files.map(async ({ fsPath }): Promise<Offer[]> => {
    const names = (await modelsOf(fsPath)).filter(isUsable).map(({ exported }) => exported);
    return names.length > 0 ? [{ value: relativeTo(folder, fsPath), detail: names.join(', ') }] : [];
  });
  const depth = ({ value }: Offer) => value.split('/').length;
  return (await Promise.all(offers)).flat().sort((a, b) => depth(a) - depth(b) || (a.value < b.value ? -1 : 1));
}

async function exportsOf(file: string): Promise<Offer[]> {
  const usable = (await modelsOf(file)).filter(isUsable);
  return usable.map(({ exported, kind }) => {
    const detail = kind === 'function' ? vscode.l10n.t('function') : vscode.l10n.t('constant');
    return { value: exported, detail };
  });
}

/** An experiment can name a function or a constant: training calls an export as a function. */
const isUsable = ({ kind }: FoundModel): boolean => kind === 'function' || kind === 'constant';

const modelsOf = async (file: string): Promise<readonly FoundModel[]> =>
  (await findModelsInThread((await textOf(file)) ?? '', file)).models;

const modelIn = async (text: string, file: string, exported: string): Promise<FoundModel | undefined> =>
  (await findModelsInThread(text, file)).models.find((model) => model.exported === exported);

const moduleOf = (document: vscode.TextDocument, { module }: ModelReference): string =>
  path.resolve(path.dirname(document.uri.fsPath), module.value);

/**
 * The text of a file, with unsaved changes. Undefined if there is no ordinary file, or if it is too long to be written
 * by a person: an experiment file may name any path.
 */
async function textOf(file: string): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  if (open) return open.getText();
  return (await readOrdinaryAsync(file, maxLength, 'follow').catch(() => undefined))?.toString('utf8');
}

const maxLength = 1 << 20;

function positionIn(text: string, offset: number): vscode.Position {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return new vscode.Position(lines.length - 1, lines[lines.length - 1].length);
}

/** `inside` characters, such as the quotes, are excluded at both ends. */
const rangeOf = (document: vscode.TextDocument, { offset, length }: StringLiteral, inside = 0): vscode.Range =>
  new vscode.Range(document.positionAt(offset + inside), document.positionAt(offset + length - inside));
