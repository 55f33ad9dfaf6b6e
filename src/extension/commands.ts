// The handlers of all commands, and the default for a missing argument.
import * as vscode from 'vscode';
import { errors } from './userErrors';
import { isExperiment, isSweep } from './experiments/experimentDocuments';
import { type CommandId, commandIds, distancesViewType, reproductionsViewType, type StudyViewType } from './ids';
import type { Launched, Launcher } from './launch/launcherInterface';
import type { LazyPanel } from './lazyPanel';
import { type Log, reportErrors } from './log';
import type { Monitors } from './monitor/panels';
import { notify } from './notify';
import type { FileQuestion } from './pickFile';
import type { ModelRef } from './quickStart/quickStart';
import type { RunQuestion } from './runs/pickRun';
import { directoryOf, type RunArgument } from './runs/runArgument';
import type { RunsFilter } from './runs/filter';
import type { StudyPageOpener } from './reproductions/registerStudyPages';
import type { RunActions } from './runs/runActions';
import type { RunsArrangement } from './runs/arrangement';
import type { Baseline } from './runs/baseline';
import type { Runs } from './runs/runRegistry';
import type { SweepFeatures } from './sweeps/registerSweeps';
import { sweepCommands } from './sweeps/sweepCommands';
import type { Sweeps } from './sweeps/sweepSummary';
import { openMonitorOnStart } from './settings';
import { markDone } from './walkthrough';

export interface CommandServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly runs: Runs;
  readonly filter: RunsFilter;
  readonly launcher: Launcher;
  readonly actions: RunActions;
  readonly monitors: Monitors;
  readonly doctor: LazyPanel;
  readonly studyPages: StudyPageOpener;
  readonly runsTable: LazyPanel;
  readonly sweeps: Sweeps;
  readonly sweepFeatures: SweepFeatures;
  readonly baseline: Baseline;
  readonly arrangement: RunsArrangement;
}

export function registerCommands({
  context,
  log,
  runs,
  filter,
  launcher,
  actions,
  monitors,
  doctor,
  studyPages,
  runsTable,
  sweeps,
  sweepFeatures,
  baseline,
  arrangement,
}: CommandServices): vscode.Disposable {
  const watch = (launched: Launched | undefined) => {
    if (launched === undefined) return;
    markDone('train');
    const { directory, directories, experiment } = launched;
    if (openMonitorOnStart()) monitors.open(directory, experiment.name);
    if (directories.length > 1) void offerComparison(launched, monitors);
  };
  const lazy = () => import('./lazy');
  const onRun = (question: RunQuestion, work: (directory: string) => unknown) => async (argument: RunArgument) => {
    const directory = directoryOf(argument) ?? (await (await lazy()).pickRun(runs, question));
    if (directory !== undefined) await work(directory);
  };
  const onRuns =
    (question: RunQuestion, work: (directories: readonly string[]) => unknown) =>
    async (argument: RunArgument, selected: unknown) => {
      const chosen = await (await lazy()).pickRuns(runs, argument, selected, question);
      if (chosen.length > 0) await work(chosen.map(({ directory }) => directory));
    };
  const openStudyPage = async (type: StudyViewType) => {
    await studyPages.open(type);
    markDone('reproduce');
  };
  const handlers: { readonly [Id in CommandId]: (argument: never, selected: unknown) => unknown } = {
    [commandIds.train]: async (argument: RunArgument) =>
      watch(await launcher.train(await experimentOf(argument, vscode.l10n.t('Train')))),
    [commandIds.quickStart]: async (argument: RunArgument) =>
      watch(
        await (await lazy()).quickStartExperiment(launcher, await experimentOf(argument, vscode.l10n.t('Quick Start'))),
      ),
    [commandIds.quickStartModel]: async (model: ModelRef) => {
      const launched = await (await lazy()).quickStartModel(launcher, model);
      if (launched) markDone('model');
      watch(launched);
    },
    [commandIds.saveQuickStart]: async (file: RunArgument) =>
      (await lazy()).saveQuickStart(file instanceof vscode.Uri ? file : undefined),
    [commandIds.newSweep]: async (argument: RunArgument) =>
      (await lazy()).newSweep(
        await experimentOf(argument, vscode.l10n.t('New Sweep'), vscode.l10n.t('Select an experiment to vary')),
      ),
    [commandIds.runSweep]: async (argument: RunArgument) =>
      (await sweepFeatures.actions()).start(await sweepOf(argument, vscode.l10n.t('Run Sweep'))),
    [commandIds.dryRunSweep]: async (argument: RunArgument) =>
      (await lazy()).dryRunSweep(context, await sweepOf(argument, vscode.l10n.t('Dry-Run Sweep'))),
    ...sweepCommands(sweeps, sweepFeatures.actions),
    [commandIds.stop]: onRun('stop', (directory) => actions.control(directory, 'stop')),
    [commandIds.pause]: onRun('pause', (directory) => actions.control(directory, 'pause')),
    [commandIds.criticStep]: onRun('step', (directory) => actions.control(directory, 'critic-step')),
    [commandIds.generatorStep]: onRun('step', (directory) => actions.control(directory, 'generator-step')),
    [commandIds.step]: onRun('step', (directory) => actions.control(directory, 'step')),
    [commandIds.slowMotion]: onRun('step', actions.toggleSlow.bind(actions)),
    [commandIds.resume]: onRun('resume', actions.resume.bind(actions)),
    [commandIds.openMonitor]: onRun('openMonitor', actions.openMonitor),
    [commandIds.newExperiment]: async (folder: RunArgument) => {
      if (await (await lazy()).newExperiment(folder instanceof vscode.Uri ? folder : undefined)) markDone('experiment');
    },
    [commandIds.openExperiment]: onRun('openExperiment', actions.openExperiment),
    [commandIds.openRunLog]: onRun('openRunLog', actions.openLog),
    [commandIds.revealRun]: onRun('revealRun', actions.reveal),
    [commandIds.deleteRun]: onRuns('deleteRun', actions.remove),
    [commandIds.compareRuns]: onRuns('compareRuns', actions.compare),
    [commandIds.exportGenerator]: onRun('exportGenerator', async (directory) =>
      (await lazy()).exportGenerator(context, directory),
    ),
    [commandIds.exportSamples]: onRun('exportSamples', async (directory) =>
      (await lazy()).exportSamples(context, directory),
    ),
    [commandIds.exportCurves]: onRuns('exportCurves', async (directories) => (await lazy()).saveCsv(directories)),
    [commandIds.trainLonger]: onRun('trainLonger', actions.resume.bind(actions)),
    [commandIds.copyExperiment]: onRun('copyExperiment', async (directory) => (await lazy()).copyExperiment(directory)),
    [commandIds.forkRun]: onRun('forkRun', async (directory) => {
      const forked = await (await lazy()).askFork(launcher, directory);
      if (forked !== undefined && openMonitorOnStart()) actions.openMonitor(forked);
    }),
    [commandIds.compareWithPrevious]: onRun('compareWithPrevious', actions.compareWithPrevious),
    [commandIds.renameRun]: onRun('renameRun', async (directory) => (await lazy()).askName(runs, directory)),
    [commandIds.editRunTags]: onRun('editRunTags', async (directory) => (await lazy()).askTags(runs, directory)),
    [commandIds.pinBaseline]: onRun('pinBaseline', (directory) => baseline.pin(directory)),
    [commandIds.unpinBaseline]: () => baseline.pin(null),
    [commandIds.groupRuns]: () => arrangement.group(true),
    [commandIds.ungroupRuns]: () => arrangement.group(false),
    [commandIds.sortRuns]: () => arrangement.askOrder(),
    [commandIds.openRunsTable]: () => runsTable.open(),
    [commandIds.filterRuns]: () => filter.ask(),
    [commandIds.clearRunsFilter]: () => filter.clear(),
    [commandIds.refreshRuns]: () => runs.refresh(),
    [commandIds.reproduce]: () => openStudyPage(reproductionsViewType),
    [commandIds.exploreDistances]: () => openStudyPage(distancesViewType),
    [commandIds.doctor]: () => doctor.open(),
    [commandIds.installTensorflow]: async () => (await lazy()).installTensorflow(context, log),
    [commandIds.showLog]: () => log.show(),
  };
  const register = ([id, handler]: [string, (argument: never, selected: unknown) => unknown]) =>
    vscode.commands.registerCommand(id, (argument: never, selected: unknown) =>
      reportErrors(log, () => handler(argument, selected)),
    );
  return vscode.Disposable.from(...Object.entries(handlers).map(register));
}

/** Seeds are trained one after another; offers to open their comparison. */
async function offerComparison({ directories, experiment: { name } }: Launched, monitors: Monitors): Promise<void> {
  const compare = vscode.l10n.t('Compare Seeds');
  const message = vscode.l10n.t('Training {1} with {0} seeds, one after another.', directories.length, name);
  if ((await notify.info(message, compare)) !== compare) return;
  monitors.openCompare(directories.map((directory) => ({ directory, name })));
}

const experimentOf = (
  argument: RunArgument,
  title: string,
  question = vscode.l10n.t('Select an experiment to train'),
): Promise<vscode.Uri> =>
  fileOf(argument, isExperiment, { pattern: '**/*.gan.{json,jsonc}', none: errors.noExperiment, title, question });

const sweepOf = (argument: RunArgument, title: string): Promise<vscode.Uri> =>
  fileOf(argument, isSweep, {
    pattern: '**/*.sweep.{json,jsonc}',
    none: errors.noSweep,
    title,
    question: vscode.l10n.t('Select a sweep to run'),
  });

/** The file that a command applies to: its argument, else the file in the active editor, else one that is selected. */
async function fileOf(
  argument: RunArgument,
  isOfKind: (document: vscode.TextDocument) => boolean,
  question: FileQuestion,
): Promise<vscode.Uri> {
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  if (argument instanceof vscode.Uri) return argument;
  const active = vscode.window.activeTextEditor?.document;
  if (active && isOfKind(active)) return active.uri;
  return (await import('./lazy')).pickFile(question);
}
