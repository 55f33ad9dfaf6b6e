// The CodeLenses at the top of an experiment file: what trains, train, quick start, open the latest run.
import * as vscode from 'vscode';
import { experimentFiles } from '../experiments/experimentDocuments';
import { type CommandId, commandIds, settingIds } from '../ids';
import { quickStartSteps } from '../quickStart/composeExperiment';
import { isLive, type Run, seedsOf } from '../runs/readRuns';
import type { Runs } from '../runs/runRegistry';
import { experimentLenses, onSetting } from '../settings';
import { asCodeLens, type Lens } from './lens';

export function registerExperimentLens(runs: Runs): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  // Redrawing the CodeLenses at every step would make them flicker.
  let shown = '';
  const latestOf = ({ uri }: vscode.TextDocument): LatestRun | undefined => {
    const [run] = runs.of(uri.fsPath);
    return run && { directory: run.directory, seeds: seedsOf(run, runs.all).length, underway: underwayText(run) };
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
      const now = all.map((run) => `${run.directory} ${underwayText(run) ?? ''}`).join('\n');
      if (now !== shown) changed.fire();
      shown = now;
    }),
  );
}

interface LatestRun {
  readonly directory: string;
  /** The number of runs that were trained together with it, one per seed. */
  readonly seeds: number;
  /** What it is doing, while it is being trained. */
  readonly underway: string | undefined;
}

/** `Training 20%`, in steps of ten, so that it is seldom redrawn; undefined if no process works on the run. */
export function underwayText(run: Pick<Run, 'status' | 'liveness'>): string | undefined {
  if (!isLive(run)) return undefined;
  const { t } = vscode.l10n;
  const { state, step, steps } = run.status ?? { state: 'starting', step: 0, steps: 1 };
  if (state === 'starting') return t('Starting');
  const percent = 10 * Math.floor((10 * step) / Math.max(steps, 1));
  return state === 'paused' ? t('Paused at {0}%', percent) : t('Training {0}%', percent);
}

/** All at offset 0, where no edit moves them. */
export function experimentLensesOf(uri: string, latest: LatestRun | undefined): Lens[] {
  const lens = (title: string, tooltip: string, command: CommandId, argument: string): Lens => ({
    offset: 0,
    title,
    tooltip,
    command,
    args: [argument],
  });
  const { t } = vscode.l10n;
  const train =
    latest?.underway === undefined
      ? lens(`▶ ${t('Train')}`, t('Train this experiment and open the monitor'), commandIds.train, uri)
      : lens(
          `▶ ${t('Train second run')}`,
          t('Train this experiment once more, at the same time as the run that is not finished'),
          commandIds.train,
          uri,
        );
  const monitor = latest && {
    title: latest.underway === undefined ? t('Open monitor') : t('{0} · Open monitor', latest.underway),
    tooltip: t('Open the monitor for the latest run'),
  };
  const openMonitor =
    latest && monitor ? [lens(monitor.title, monitor.tooltip, commandIds.openMonitor, latest.directory)] : [];
  return [
    ...(latest?.underway === undefined ? [] : openMonitor),
    train,
    lens(
      `⚡ ${t('Quick start ({0} steps)', quickStartSteps)}`,
      t('Train this experiment for at most {0} steps, with frequent samples', quickStartSteps),
      commandIds.quickStart,
      uri,
    ),
    ...(latest?.underway === undefined ? openMonitor : []),
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
