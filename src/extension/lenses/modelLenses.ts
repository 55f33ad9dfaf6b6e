// Which lenses stand above the models of a file.
import * as vscode from 'vscode';
import type { Role } from '../../catalog';
import { commandIds } from '../ids';
import type { FoundModel } from '../models/findModels';
import { evidentRole } from '../models/shapes';
import type { Lens } from './lens';

/** An experiment file that names a model of this file. */
export interface NamedBy {
  readonly exported: string;
  readonly uri: string;
  /** Its file name, for the lens. */
  readonly name: string;
}

/** `▶ Train x.gan.json` for each experiment that names a model, and a quick start in the role it evidently has, or in both. */
export function modelLensesOf(uri: string, models: readonly FoundModel[], named: readonly NamedBy[]): Lens[] {
  return models.flatMap((model) => {
    const { offset, exported } = model;
    const trains = named
      .filter((by) => by.exported === exported)
      .map(
        (by): Lens => ({
          offset,
          title: `▶ ${vscode.l10n.t('Train {0}', by.name)}`,
          tooltip: vscode.l10n.t('Train the experiment {0}, which names {1}', by.name, exported),
          command: commandIds.train,
          args: [by.uri],
        }),
      );
    const role = evidentRole(model);
    const roles: readonly Role[] = role === undefined ? ['generator', 'critic'] : [role];
    const starts = roles.map((as): Lens => {
      const tooltip = vscode.l10n.t(
        'Train {0} as {1}, against a partner and on data that are chosen for it',
        exported,
        as,
      );
      const args = [{ uri, exported, role: as }];
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
