// Resolves the runs that a command applies to: from its arguments, or by a quick pick.
import * as vscode from 'vscode';
import { userError } from '../userErrors';
import { startTime, describe, titleOf } from './describe';
import { type Run, isLive } from './readRuns';
import type { Runs } from './runRegistry';

/**
 * The argument of a command: a directory from a CodeLens, a run from a menu of the Runs view, nothing from the Command
 * Palette.
 */
export type RunArgument = string | vscode.Uri | Run | undefined;

export interface RunPick {
  readonly among?: (run: Run) => boolean;
  readonly placeHolder: string;
  /** The error if there is no such run. */
  readonly noneMessage: string;
}

export function createRunPicker(runs: Runs) {
  const candidates = async ({ among = () => true, noneMessage }: RunPick): Promise<readonly Run[]> => {
    await runs.refresh();
    const found = runs.all.filter(among);
    if (found.length === 0) throw userError(noneMessage);
    return found;
  };
  return {
    /** One directory. A single candidate is used without asking; undefined if the user cancels. */
    async one(argument: RunArgument, question: RunPick): Promise<string | undefined> {
      const named = directoryOf(argument);
      if (named !== undefined) return named;
      const found = await candidates(question);
      if (found.length === 1) return found[0].directory;
      const { placeHolder } = question;
      return (await vscode.window.showQuickPick(found.map(itemOf), { placeHolder, matchOnDescription: true }))?.run
        .directory;
    },
    /** The selected runs that are candidates; without a selection, those that the user picks. */
    async several(argument: RunArgument, selected: unknown, question: RunPick): Promise<readonly Run[]> {
      const directory = directoryOf(argument);
      const chosen =
        Array.isArray(selected) && selected.length > 0
          ? (selected as readonly object[]).filter(isRun)
          : runs.all.filter((run) => run.directory === directory);
      if (chosen.length > 0) {
        const matching = chosen.filter(question.among ?? (() => true));
        if (matching.length === 0) throw userError(question.noneMessage);
        return matching;
      }
      const found = await candidates(question);
      if (found.length === 1) return found;
      const { placeHolder } = question;
      const picked = await vscode.window.showQuickPick(found.map(itemOf), {
        placeHolder,
        matchOnDescription: true,
        canPickMany: true,
      });
      return (picked ?? []).map(({ run }) => run);
    },
  };
}

/** The Runs view also has other nodes. */
const isRun = (node: object): node is Run => 'directory' in node && 'liveness' in node;

const directoryOf = (argument: RunArgument): string | undefined =>
  typeof argument === 'string' ? argument : argument && 'directory' in argument ? argument.directory : undefined;

const itemOf = (run: Run) => ({
  label: titleOf(run),
  description: describe(run),
  detail: startTime(run.directory),
  run,
});

/** The localized quick picks of the commands. */
export function runPicks() {
  const noRuns = vscode.l10n.t('This workspace has no runs yet. Train an experiment first.');
  const isPaused = ({ status }: Run) => status?.state === 'paused';
  const any = (placeHolder: string): RunPick => ({ placeHolder, noneMessage: noRuns });
  return {
    stop: {
      among: isLive,
      placeHolder: vscode.l10n.t('Select a run to stop'),
      noneMessage: vscode.l10n.t('No run can be stopped: nothing is running in this workspace.'),
    },
    pause: {
      among: (run) => isLive(run) && !isPaused(run),
      placeHolder: vscode.l10n.t('Select a run to pause'),
      noneMessage: vscode.l10n.t('No run can be paused: nothing is running in this workspace.'),
    },
    step: {
      among: isLive,
      placeHolder: vscode.l10n.t('Select a run to step'),
      noneMessage: vscode.l10n.t('No run can be stepped: nothing is running in this workspace.'),
    },
    resume: {
      among: (run) => !isLive(run) || isPaused(run),
      placeHolder: vscode.l10n.t('Select a run to resume'),
      noneMessage: vscode.l10n.t('No run can be resumed: all runs are already running.'),
    },
    deleteRun: {
      among: (run) => !isLive(run),
      placeHolder: vscode.l10n.t('Select runs to delete'),
      noneMessage: vscode.l10n.t('No run can be deleted: stop a run before you delete it.'),
    },
    trainLonger: {
      among: ({ status }) => status?.state === 'finished',
      placeHolder: vscode.l10n.t('Select a run to train longer'),
      noneMessage: vscode.l10n.t('No run has finished yet.'),
    },
    runAgain: any(vscode.l10n.t('Select a run to run again with a change')),
    forkRun: any(vscode.l10n.t('Select a run to fork')),
    compareWithPrevious: any(vscode.l10n.t('Select a run to compare with the previous one')),
    renameRun: any(vscode.l10n.t('Select a run to rename')),
    editRunTags: any(vscode.l10n.t('Select a run to tag')),
    pinBaseline: any(vscode.l10n.t('Select a run as the baseline')),
    openMonitor: any(vscode.l10n.t('Select a run to open in the monitor')),
    openExperiment: any(vscode.l10n.t('Select a run to open its experiment')),
    openRunLog: any(vscode.l10n.t('Select a run to open its log')),
    revealRun: any(vscode.l10n.t('Select a run to reveal its folder')),
    compareRuns: any(vscode.l10n.t('Select two or more runs to compare')),
    exportGenerator: any(vscode.l10n.t('Select a run to export its generator')),
    exportSamples: any(vscode.l10n.t('Select a run to export its samples')),
    exportCurves: any(vscode.l10n.t('Select runs to export curves from')),
  } satisfies Record<string, RunPick>;
}
