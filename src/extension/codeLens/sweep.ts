// The CodeLenses at the top of a sweep file: run it, or check it without starting anything.
import * as vscode from 'vscode';
import { sweepFiles } from '../experiments/experimentDocuments';
import { commandIds, settingIds } from '../ids';
import { experimentLenses, onSetting } from '../settings';
import { asCodeLens, type Lens } from './lens';

export function registerSweepLens(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      experimentLenses() ? sweepLensesOf(document.uri.toString()).map(asCodeLens(document)) : [],
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(sweepFiles, provider),
    onSetting([settingIds.experimentLenses], () => changed.fire()),
  );
}

/** At offset 0, where no edit moves them. */
export function sweepLensesOf(uri: string): Lens[] {
  const { t } = vscode.l10n;
  return [
    {
      ...{ offset: 0, command: commandIds.runSweep, args: [uri], title: `▶ ${t('Run sweep')}` },
      tooltip: t('Train all trials of this sweep that have not ended'),
    },
    {
      ...{ offset: 0, command: commandIds.dryRunSweep, args: [uri], title: t('Dry-run sweep') },
      tooltip: t('Check and list all trials of this sweep without starting them'),
    },
  ];
}
