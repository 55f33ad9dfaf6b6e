// The actions of the monitor's page: the same as those of the Command Palette and the Runs view.
import * as vscode from 'vscode';
import type { NextStep } from '../../protocol/monitor';
import { commandIds, type CommandId } from '../ids';
import { runPaths } from '../../run/directory';
import { type Log, reportErrors } from '../log';
import type { RunActions } from '../runs/runActions';
import { samplePath } from './runFiles';
import type { PageActions } from './panels';

const nextStepCommands: { readonly [S in NextStep]: CommandId } = {
  trainLonger: commandIds.trainLonger,
  copyExperiment: commandIds.copyExperiment,
  fork: commandIds.forkRun,
  comparePrevious: commandIds.compareWithPrevious,
  exportGenerator: commandIds.exportGenerator,
  exportSamples: commandIds.exportSamples,
};

export function pageActions(log: Log, actions: RunActions): PageActions {
  const run = (work: () => unknown) => reportErrors(log, work);
  /** Null if it failed, which was reported. */
  const idOf = async (work: () => Promise<string | null>): Promise<string | null> => {
    let id: string | null = null;
    await run(async () => (id = await work()));
    return id;
  };
  return {
    control: (directory, { command }) => idOf(() => actions.control(directory, command)),
    slowMotion: (directory, { rate }) => idOf(() => actions.control(directory, { kind: 'slow-motion', rate })),
    resumeRun: (directory) => idOf(async () => ((await actions.resume(directory)) ? '' : null)),
    nextStep: (directory, { step }) => run(() => vscode.commands.executeCommand(nextStepCommands[step], directory)),
    openSample: (directory, { sample }) => run(() => actions.openFile(samplePath(runPaths(directory).samples, sample))),
    saveSample: (directory, { sample }) => run(async () => (await import('../lazy')).saveSample(directory, sample)),
    saveCsv: (directories) => run(async () => (await import('../lazy')).saveCsv(directories)),
    openRun: (directory) => run(() => actions.openMonitor(directory)),
    openLog: (directory) => run(() => actions.openLog(directory)),
    openExperiment: (directory) => run(() => actions.openExperiment(directory)),
    reveal: (directory) => run(() => actions.reveal(directory)),
  };
}
