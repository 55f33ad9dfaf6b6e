// The lenses above the models of a file: the experiments that use one, and quick starts.
import * as vscode from 'vscode';
import type { Role } from '../../catalog';
import { commandIds } from '../ids';
import { type FoundModel, modelName } from '../models/foundModel';
import { roleName } from '../models/roleName';
import { evidentRole } from '../models/shapes';
import type { Lens } from './lens';

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
