// The CodeLenses above the models of TypeScript and JavaScript files. While the text does not parse, the last ones
// stay.
import path from 'node:path';
import * as vscode from 'vscode';
import { settingIds, commandIds } from '../ids';
import { type FoundModel, modelName, withLast } from '../models/foundModel';
import { modelLenses, onSetting } from '../settings';
import type { ExperimentIndex } from '../experiments/modelUseIndex';
import { asCodeLens, type Lens } from './lens';
import type { Role } from '../../catalog';
import { roleName } from '../models/roleName';
import { evidentRole } from '../models/shapes';

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

/** An experiment file that uses a model of this file. */
interface ModelUser {
  readonly exported: string;
  readonly uri: string;
  /** Its file name, for the title. */
  readonly name: string;
}

/**
 * `▶ Train x.gan.json` for each experiment that uses a model, and a quick start in its role, or in both roles if that
 * is unclear.
 */
export function modelLensesOf(uri: string, models: readonly FoundModel[], named: readonly ModelUser[]): Lens[] {
  return models.flatMap((model) => {
    const { offset, exported } = model;
    const trains = named
      .filter((by) => model.kind !== 'object' && by.exported === exported)
      .map(
        (by): Lens => ({
          offset,
          title: `▶ ${vscode.l10n.t('Train {0}', by.name)}`,
          tooltip: vscode.l10n.t('Train the experiment {0}, which uses {1}', by.name, exported),
          command: commandIds.train,
          args: [by.uri],
        }),
      );
    const role = evidentRole(model);
    const roles: readonly Role[] = role === undefined ? ['generator', 'critic'] : [role];
    const starts = roles.map((as): Lens => {
      const tooltip = vscode.l10n.t(
        'Train {0} as the {1} against a matching network on matching data',
        modelName(model),
        roleName(as),
      );
      const args = [{ uri, model: modelName(model), role: as }];
      return {
        offset,
        title: `⚡ ${as === 'critic' ? vscode.l10n.t('Quick start as critic') : vscode.l10n.t('Quick start as generator')}`,
        tooltip,
        command: commandIds.quickStartModel,
        args,
      };
    });
    return [...trains, ...starts];
  });
}
