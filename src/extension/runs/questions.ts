// What is asked where a command is about a run and nobody said which.
import * as vscode from 'vscode';
import type { RunQuestion } from './chooseRuns';
import { isLive, type Run } from './runIndex';

/** The questions of the commands, in the language of the editor. */
export function runQuestions() {
  const noRuns = vscode.l10n.t('This workspace has no runs yet: train an experiment first.');
  const isPaused = ({ status }: Run) => status?.state === 'paused';
  const any = (placeHolder: string): RunQuestion => ({ placeHolder, none: noRuns });
  return {
    stop: {
      among: isLive,
      placeHolder: vscode.l10n.t('Which run is to stop?'),
      none: vscode.l10n.t('There is no run to stop: nothing of this workspace is being trained.'),
    },
    pause: {
      among: (run) => isLive(run) && !isPaused(run),
      placeHolder: vscode.l10n.t('Which run is to pause?'),
      none: vscode.l10n.t('There is no run to pause: nothing of this workspace is being trained.'),
    },
    step: {
      among: isLive,
      placeHolder: vscode.l10n.t('Which run is to be stepped by hand?'),
      none: vscode.l10n.t('There is no run to step: nothing of this workspace is being trained.'),
    },
    resume: {
      among: (run) => !isLive(run) || isPaused(run),
      placeHolder: vscode.l10n.t('Which run is to go on?'),
      none: vscode.l10n.t('There is no run that could go on.'),
    },
    deleteRun: {
      among: (run) => !isLive(run),
      placeHolder: vscode.l10n.t('Which runs are to be deleted?'),
      none: vscode.l10n.t('There is no run that could be deleted: only those that have ended can be.'),
    },
    openMonitor: any(vscode.l10n.t('Which run is to be shown?')),
    openExperiment: any(vscode.l10n.t('The experiment of which run is to be opened?')),
    openRunLog: any(vscode.l10n.t('The log of which run is to be opened?')),
    revealRun: any(vscode.l10n.t('Which run is to be revealed?')),
    compareRuns: any(vscode.l10n.t('Which runs are to be compared? Two or more.')),
    exportGenerator: any(vscode.l10n.t('The generator of which run is to be exported?')),
    exportSamples: any(vscode.l10n.t('The samples of which run are to be exported?')),
    exportCurves: any(vscode.l10n.t('The curves of which runs are to be exported?')),
  } satisfies Record<string, RunQuestion>;
}
