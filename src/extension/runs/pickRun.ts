// The quick picks for commands without a run as their argument.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { notice } from '../userErrors';
import { countText, startTime, describe, shownState, stateName, titleOf } from './describe';
import { type Run, isLive, withPrevious } from './readRuns';
import { directoryOf, type RunArgument } from './runArgument';
import type { Runs } from './runRegistry';

interface RunPick {
  readonly among?: (run: Run, all: readonly Run[]) => boolean;
  /** The command that asks. */
  readonly title: string;
  readonly placeHolder: string;
  /** What is reported if there is no such run among these. */
  readonly none: (all: readonly Run[]) => Error;
}

/** The commands that ask for a run. */
export type RunQuestion = keyof ReturnType<typeof runPicks>;

/** One directory. A single candidate is used without asking; undefined if the user cancels. */
export async function pickRun(runs: Runs, question: RunQuestion): Promise<string | undefined> {
  const pick = runPicks()[question];
  const found = await candidates(runs, pick);
  if (found.length === 1) return found[0].directory;
  const { title, placeHolder } = pick;
  const shown = { title, placeHolder, matchOnDescription: true };
  return (await vscode.window.showQuickPick(found.map(itemOf), shown))?.run.directory;
}

/** The selected runs that are candidates; without a selection, those that the user picks. */
export async function pickRuns(
  runs: Runs,
  argument: RunArgument,
  selected: unknown,
  question: RunQuestion,
): Promise<readonly Run[]> {
  const pick: RunPick = runPicks()[question];
  const directory = directoryOf(argument);
  const chosen =
    Array.isArray(selected) && selected.length > 0
      ? (selected as readonly object[]).filter(isRun)
      : runs.all.filter((run) => run.directory === directory);
  if (chosen.length > 0) {
    const { among = () => true, none } = pick;
    const matching = chosen.filter((run) => among(run, runs.all));
    if (matching.length === 0) throw none(runs.all);
    return matching;
  }
  const found = await candidates(runs, pick);
  if (found.length === 1) return found;
  const { title, placeHolder } = pick;
  const shown = { title, placeHolder, matchOnDescription: true, canPickMany: true } as const;
  return ((await vscode.window.showQuickPick(found.map(itemOf), shown)) ?? []).map(({ run }) => run);
}

async function candidates(runs: Runs, { among = () => true, none }: RunPick): Promise<readonly Run[]> {
  await runs.refresh();
  const { all } = runs;
  const found = all.filter((run) => among(run, all));
  if (found.length === 0) throw none(all);
  return found;
}

/** The Runs view also has other nodes. */
const isRun = (node: object): node is Run => 'directory' in node && 'liveness' in node;

const itemOf = (run: Run) => ({
  label: titleOf(run),
  description: describe(run),
  detail: startTime(run.directory),
  run,
});

/** The localized quick picks of the commands. */
function runPicks() {
  const { t } = vscode.l10n;
  const noRuns = t('This workspace has no runs yet. Train an experiment first.');
  const isPaused = ({ status }: Run) => status?.state === 'paused';
  const say = (message: string) => () => notice(message);
  const any = (title: string, placeHolder: string): RunPick => ({ title, placeHolder, none: say(noRuns) });
  return {
    stop: {
      among: isLive,
      title: t('Stop'),
      placeHolder: t('Select a run to stop'),
      none: say(t('No run can be stopped: nothing is running in this workspace.')),
    },
    pause: {
      among: (run) => isLive(run) && !isPaused(run),
      title: t('Pause'),
      placeHolder: t('Select a run to pause'),
      none: say(t('No run can be paused: nothing is running in this workspace.')),
    },
    step: {
      among: isLive,
      title: t('Step'),
      placeHolder: t('Select a run to step'),
      none: say(t('No run can be stepped: nothing is running in this workspace.')),
    },
    resume: {
      among: (run) => !isLive(run) || isPaused(run),
      title: t('Resume'),
      placeHolder: t('Select a run to resume'),
      none: say(t('No run can be resumed: all runs are already running.')),
    },
    deleteRun: {
      among: (run) => !isLive(run),
      title: t('Delete Run'),
      placeHolder: t('Select runs to delete'),
      none: say(t('No run can be deleted: stop a run before you delete it.')),
    },
    trainLonger: {
      among: ({ status }) => status?.state === 'finished',
      title: t('Train Longer'),
      placeHolder: t('Select a run to train longer'),
      none: notFinished,
    },
    copyExperiment: any(t('Copy to New Experiment'), t('Select a run to copy its experiment')),
    forkRun: any(t('Fork Run'), t('Select a run to fork')),
    compareWithPrevious: {
      among: ({ directory }, all) => withPrevious(directory, all) !== undefined,
      title: t('Compare with Previous Run'),
      placeHolder: t('Select a run to compare with the previous one'),
      none: say(t('No experiment has two runs to compare. Train one again, for example with another setting.')),
    },
    renameRun: any(t('Rename Run'), t('Select a run to rename')),
    editRunTags: any(t('Edit Run Tags'), t('Select a run to tag')),
    pinBaseline: any(t('Pin as Baseline'), t('Select a run as the baseline')),
    openMonitor: any(t('Open Monitor'), t('Select a run to open in the monitor')),
    openExperiment: any(t('Open Experiment File of Run'), t('Select a run to open its experiment')),
    openRunLog: any(t('Open Run Log'), t('Select a run to open its log')),
    revealRun: any(t('Reveal Run Folder'), t('Select a run to reveal its folder')),
    compareRuns: any(t('Compare Runs'), t('Select two or more runs to compare')),
    exportGenerator: any(t('Export Generator'), t('Select a run to export its generator')),
    exportSamples: any(t('Export Samples'), t('Select a run to export its samples')),
    exportCurves: any(t('Export Curves'), t('Select runs to export curves from')),
  } satisfies Record<string, RunPick>;
}

/** Only a finished run is trained longer; the newest of those that stopped before can be resumed. */
function notFinished(all: readonly Run[]): Error {
  const { t } = vscode.l10n;
  const stopped = all.find((run) => !isLive(run) && run.status !== null && run.status.step > 0);
  if (stopped?.status) {
    const { step, steps } = stopped.status;
    const at = [titleOf(stopped), stateName(shownState(stopped)), countText(step), countText(steps)];
    const message = t('No run has finished yet: {0} ({1}) is at step {2} of {3}. Resume it to train the rest.', ...at);
    return notice(message, { label: t('Resume'), command: commandIds.resume, args: [stopped.directory] });
  }
  const [live] = all.filter(isLive);
  return notice(
    live
      ? t('No run has finished yet: {0} is still training.', titleOf(live))
      : t('No run has finished yet. Train an experiment first.'),
  );
}
