// The CodeLenses above the models of TypeScript and JavaScript files. While the text does not parse, the last ones
// stay.
import path from 'node:path';
import * as vscode from 'vscode';
import { settingIds } from '../ids';
import { type FoundModel, withLast } from '../models/foundModel';
import { modelLenses, onSetting } from '../settings';
import type { ExperimentIndex } from '../experiments/modelUseIndex';
import { asCodeLens } from './lens';

/** Longer files are generated code and are not searched. */
const maxLength = 1 << 20;

export function registerModelLens(experiments: ExperimentIndex): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const parsed = new Map<string, readonly FoundModel[]>();
  const modelsOf = async (document: vscode.TextDocument): Promise<readonly FoundModel[]> => {
    const text = document.getText();
    if (text.length > maxLength || !text.includes('@tensorflow/tfjs')) return [];
    const key = document.uri.toString();
    const { findModelsInThread } = await import('../lazy');
    const { models, isWhole } = await findModelsInThread(text, document.fileName);
    const all = isWhole ? models : withLast(models, parsed.get(key) ?? [], text);
    if (!document.isClosed) parsed.set(key, all);
    return all;
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const models = modelLenses() ? await modelsOf(document) : [];
      if (models.length === 0) return [];
      const named = await experiments.usesOf(document.uri.fsPath);
      const by = named.map(({ exported, file }) => ({
        exported,
        uri: vscode.Uri.file(file).toString(),
        name: path.basename(file),
      }));
      const { modelLensesOf } = await import('../lazy');
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
