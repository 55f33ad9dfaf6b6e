// The commands: what each does, and what it works on when nobody says.
import * as vscode from 'vscode';
import { runDoctor } from './doctor';
import { isExperiment } from './diagnostics';
import { errors, reported } from './errors';
import { type CommandId, commandIds } from './ids';
import type { Launched, Launcher } from './launch/launch';
import type { Log } from './log';
import type { Monitors } from './monitor/panels';
import { newExperiment } from './new/newExperiment';
import { type ModelRef, quickStartExperiment, quickStartModel } from './quickstart/quickStart';
import { pickRun, type RunActions } from './runs/runActions';
import { isLive, type Run } from './runs/runIndex';
import type { Runs } from './runs/runs';
import { openMonitorOnStart } from './settings';

export interface CommandServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly runs: Runs;
  readonly launcher: Launcher;
  readonly actions: RunActions;
  readonly monitors: Monitors;
}

/** What the editor gives a command: a lens its own values, a menu a Uri or a run of the view, the palette nothing. */
type Argument = string | vscode.Uri | Run | undefined;

export function registerCommands({
  context,
  log,
  runs,
  launcher,
  actions,
  monitors,
}: CommandServices): vscode.Disposable {
  // prettier-ignore
  const watch = (launched: Launched | undefined) => {
    if (launched && openMonitorOnStart()) monitors.open(launched.directory, launched.experiment.name);
  };
  const onRun =
    (among: (run: Run) => boolean, placeHolder: string, none: string, work: (directory: string) => unknown) =>
    async (argument: Argument) => {
      // prettier-ignore
      const named = typeof argument === 'string' ? argument : argument && 'directory' in argument ? argument.directory : undefined; // prettier-ignore
      if (named === undefined) await runs.refresh();
      const directory = named ?? (await pickRun(runs.all.filter(among), placeHolder, none));
      if (directory !== undefined) await work(directory);
    };
  const onLive = (verb: string, among: (run: Run) => boolean, work: (directory: string) => unknown) =>
    onRun((run) => isLive(run) && among(run), `Which run is to ${verb}?`, `There is no run to ${verb}: nothing of this workspace is being trained.`, work); // prettier-ignore
  const onAny = (placeHolder: string, work: (directory: string) => unknown) =>
    onRun(() => true, placeHolder, 'This workspace has no runs yet: train an experiment first.', work);
  const isPaused = ({ status }: Run) => status?.state === 'paused';

  const handlers: { readonly [Id in CommandId]: (argument: never) => unknown } = {
    [commandIds.train]: async (argument: Argument) => watch(await launcher.train(await experimentOf(argument))),
    [commandIds.quickStart]: async (argument: Argument) => watch(await quickStartExperiment(launcher, await experimentOf(argument))), // prettier-ignore
    [commandIds.quickStartModel]: async (model: ModelRef) => watch(await quickStartModel(launcher, model)),
    [commandIds.stop]: onLive('stop', () => true, (directory) => actions.control(directory, 'stop')), // prettier-ignore
    [commandIds.pause]: onLive('pause', (run) => !isPaused(run), (directory) => actions.control(directory, 'pause')), // prettier-ignore
    [commandIds.resume]: onRun((run) => !isLive(run) || isPaused(run), 'Which run is to go on?', 'There is no run that could go on.', actions.resume.bind(actions)), // prettier-ignore
    [commandIds.openMonitor]: onAny('Which run is to be shown?', actions.openMonitor),
    [commandIds.newExperiment]: (folder: Argument) => newExperiment(folder instanceof vscode.Uri ? folder : undefined),
    [commandIds.openExperiment]: onAny("Which run's experiment is to be opened?", actions.openExperiment),
    [commandIds.openRunLog]: onAny("Which run's log is to be opened?", actions.openLog),
    [commandIds.revealRun]: onAny('Which run is to be revealed?', actions.reveal),
    [commandIds.deleteRun]: onRun((run) => !isLive(run), 'Which run is to be deleted?', 'There is no run that could be deleted: only those that have ended can be.', actions.remove), // prettier-ignore
    [commandIds.refreshRuns]: () => runs.refresh(),
    [commandIds.doctor]: () => runDoctor(context, log),
    [commandIds.showLog]: () => log.show(),
  };
  const register = ([id, handler]: [string, (argument: never) => unknown]) =>
    vscode.commands.registerCommand(id, (argument: never) => reported(log, () => handler(argument)));
  return vscode.Disposable.from(...Object.entries(handlers).map(register));
}

/** The experiment file that a command is about: the one it is given, else the one in the editor, else one of the workspace. */
async function experimentOf(argument: Argument): Promise<vscode.Uri> {
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  if (argument instanceof vscode.Uri) return argument;
  const active = vscode.window.activeTextEditor?.document;
  if (active && isExperiment(active)) return active.uri;
  const files = await vscode.workspace.findFiles('**/*.gan.{json,jsonc}', '**/{node_modules,.earthmover}/**', 1000);
  if (files.length === 0) throw errors.noExperiment();
  if (files.length === 1) return files[0];
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const chosen = await vscode.window.showQuickPick(
    items.sort((a, b) => a.label.localeCompare(b.label)),
    { placeHolder: 'Which experiment?' },
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen.uri;
}
