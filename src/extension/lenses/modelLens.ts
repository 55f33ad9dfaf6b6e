// Lenses above the models of TypeScript and JavaScript files, kept where they are while the text does not parse.
import path from 'node:path';
import * as vscode from 'vscode';
import { settingIds } from '../ids';
import { findModels, type FoundModel, relocated } from '../models/findModels';
import { modelLenses, onSetting } from '../settings';
import type { ExperimentIndex } from './experimentIndex';
import { asCodeLens } from './lens';
import { modelLensesOf } from './modelLenses';

/** A file that is longer was not written by hand, and is not searched. */
const maxLength = 1 << 20;

export function registerModelLens(experiments: ExperimentIndex): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const parsed = new Map<string, readonly FoundModel[]>();
  const modelsOf = (document: vscode.TextDocument): readonly FoundModel[] => {
    const text = document.getText();
    if (text.length > maxLength || !text.includes('@tensorflow/tfjs')) return [];
    const key = document.uri.toString();
    const found = findModels(text);
    if (found === undefined) return relocated(parsed.get(key) ?? [], text);
    parsed.set(key, found);
    return found;
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const models = modelLenses() ? modelsOf(document) : [];
      if (models.length === 0) return [];
      const named = await experiments.naming(document.uri.fsPath);
      const by = named.map(({ exported, file }) => ({
        exported,
        uri: vscode.Uri.file(file).toString(),
        name: path.basename(file),
      }));
      return modelLensesOf(document.uri.toString(), models, by).map(asCodeLens(document));
    },
  };
  const selector = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'].map((language) => ({
    language,
    scheme: 'file',
  }));
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(selector, provider),
    onSetting([settingIds.modelLenses], () => changed.fire()),
    experiments.onDidChange(() => changed.fire()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => parsed.delete(uri.toString())),
  );
}
