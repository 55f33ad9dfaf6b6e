// What the monitor's page can ask of the extension: the same actions as the palette and the Runs view.
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { SampleName } from '../../protocol/monitor';
import { runPaths } from '../../run/directory';
import { reported, userError } from '../errors';
import type { Log } from '../log';
import type { RunActions } from '../runs/runActions';
import { csvOf } from './csv';
import { samplePath } from './lists';
import type { PageActions } from './panels';

export function pageActions(log: Log, actions: RunActions): PageActions {
  const run = (work: () => unknown) => reported(log, work);
  return {
    control: (directory, { command }) => run(() => actions.control(directory, command)),
    goOn: (directory) => run(() => actions.resume(directory)),
    openSample: (directory, { sample }) => run(() => actions.openFile(samplePath(runPaths(directory).samples, sample))),
    saveSample: (directory, { sample }) => run(() => saveSample(directory, sample)),
    saveCsv: (directories) => run(() => saveCsv(directories)),
    openRun: (directory) => run(() => actions.openMonitor(directory)),
    openLog: (directory) => run(() => actions.openLog(directory)),
    openExperiment: (directory) => run(() => actions.openExperiment(directory)),
    reveal: (directory) => run(() => actions.reveal(directory)),
  };
}

async function saveSample(directory: string, sample: SampleName): Promise<void> {
  const from = samplePath(runPaths(directory).samples, sample);
  const step = sample === 'real' ? 'real' : `step-${sample}`;
  const to = await askWhere(`${path.basename(directory)}-${step}.png`, { 'PNG pictures': ['png'] }, 'Save Samples');
  if (to !== undefined) await vscode.workspace.fs.copy(vscode.Uri.file(from), to, { overwrite: true });
}

async function saveCsv(directories: readonly string[]): Promise<void> {
  const name = directories.length === 1 ? path.basename(directories[0]) : 'comparison';
  const to = await askWhere(`${name}.csv`, { 'Tables (CSV)': ['csv'] }, 'Save Curves');
  if (to === undefined) return;
  if (to.scheme !== 'file') throw userError(`Curves are saved on the machine of the runs; ${to.toString()} is elsewhere. Choose a file there.`); // prettier-ignore
  await pipeline(Readable.from(csvOf(directories)), createWriteStream(to.fsPath));
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(`The curves are in ${to.fsPath}.`, open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', to);
}

async function askWhere(name: string, filters: Record<string, string[]>, title: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(name));
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, name), filters, title });
} // prettier-ignore
