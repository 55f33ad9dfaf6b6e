// The CodeLenses at the top of an experiment file: train, quick start, open the newest run.
import * as vscode from 'vscode';
import { type CommandId, commandIds, settingIds } from '../ids';
import { quickStartSteps } from '../quickStart/composeExperiment';
import { seedsOf } from '../runs/readRuns';
import type { Runs } from '../runs/runRegistry';
import { experimentLenses, onSetting } from '../settings';
import { asCodeLens, type Lens } from './lens';

export function registerExperimentLens(runs: Runs): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  // The CodeLenses depend only on which runs exist: redrawing them at every step would make them flicker.
  let withRuns = '';
  const newestOf = ({ uri }: vscode.TextDocument): Newest | undefined => {
    const [run] = runs.of(uri.fsPath);
    return run && { directory: run.directory, seeds: seedsOf(run, runs.all).length };
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      experimentLenses()
        ? experimentLensesOf(document.uri.toString(), newestOf(document)).map(asCodeLens(document))
        : [],
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider({ pattern: '**/*.gan.{json,jsonc}' }, provider),
    onSetting([settingIds.experimentLenses], () => changed.fire()),
    runs.onDidChange((all) => {
      const now = all.map(({ directory }) => directory).join('\n');
      if (now !== withRuns) changed.fire();
      withRuns = now;
    }),
  );
}

interface Newest {
  readonly directory: string;
  /** The number of runs that were trained together with it, one per seed. */
  readonly seeds: number;
}

/** All at offset 0, where no edit moves them. */
function experimentLensesOf(uri: string, newest: Newest | undefined): Lens[] {
  const lens = (title: string, tooltip: string, command: CommandId, argument: string): Lens => ({
    offset: 0,
    title,
    tooltip,
    command,
    args: [argument],
  });
  const { t } = vscode.l10n;
  return [
    lens(`▶ ${t('Train')}`, t('Train this experiment and open the monitor'), commandIds.train, uri),
    lens(
      `⚡ ${t('Quick start ({0} steps)', quickStartSteps)}`,
      t('Train this experiment for at most {0} steps, with frequent samples', quickStartSteps),
      commandIds.quickStart,
      uri,
    ),
    ...(newest
      ? [lens(t('Open monitor'), t('Open the monitor of the newest run'), commandIds.openMonitor, newest.directory)]
      : []),
    ...(newest && newest.seeds > 1
      ? [
          lens(
            t('Compare {0} seeds', newest.seeds),
            t('Compare the runs of the newest training'),
            commandIds.compareRuns,
            newest.directory,
          ),
        ]
      : []),
  ];
}
