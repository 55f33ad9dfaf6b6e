// The CodeLenses at the top of an experiment file: train, quick start, open the latest run.
import * as vscode from 'vscode';
import { experimentFiles } from '../experiments/experimentDocuments';
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
  const latestOf = ({ uri }: vscode.TextDocument): LatestRun | undefined => {
    const [run] = runs.of(uri.fsPath);
    return run && { directory: run.directory, seeds: seedsOf(run, runs.all).length };
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      experimentLenses()
        ? experimentLensesOf(document.uri.toString(), latestOf(document)).map(asCodeLens(document))
        : [],
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(experimentFiles, provider),
    onSetting([settingIds.experimentLenses], () => changed.fire()),
    runs.onDidChange((all) => {
      const now = all.map(({ directory }) => directory).join('\n');
      if (now !== withRuns) changed.fire();
      withRuns = now;
    }),
  );
}

interface LatestRun {
  readonly directory: string;
  /** The number of runs that were trained together with it, one per seed. */
  readonly seeds: number;
}

/** All at offset 0, where no edit moves them. */
function experimentLensesOf(uri: string, latest: LatestRun | undefined): Lens[] {
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
    ...(latest
      ? [lens(t('Open monitor'), t('Open the monitor for the latest run'), commandIds.openMonitor, latest.directory)]
      : []),
    ...(latest && latest.seeds > 1
      ? [
          lens(
            t('Compare {0} seeds', latest.seeds),
            t('Compare the seeds of the latest run'),
            commandIds.compareRuns,
            latest.directory,
          ),
        ]
      : []),
  ];
}
