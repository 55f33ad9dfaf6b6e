// The lenses above an experiment file: train it, try it, look at what it has trained.
import * as vscode from 'vscode';
import { commandIds, settingIds } from '../ids';
import { quickSteps } from '../quickstart/compose';
import type { Runs } from '../runs/runs';
import { experimentLenses, onSetting } from '../settings';
import { asCodeLens, type Lens } from './lens';

export function registerExperimentLens(runs: Runs): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  // Only whether there are runs shows: the lenses do not blink with every step.
  let withRuns = '';
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      experimentLenses()
        ? experimentLensesOf(document.uri.toString(), runs.of(document.uri.fsPath)[0]?.directory).map(
            asCodeLens(document),
          )
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

/** They stand above the first line, where no edit moves them. */
function experimentLensesOf(uri: string, newest: string | undefined): Lens[] {
  const lenses: Lens[] = [
    { offset: 0, title: '▶ Train', tooltip: 'Train this experiment and watch it', command: commandIds.train, args: [uri] }, // prettier-ignore
    {
      offset: 0,
      title: `⚡ Quick start (${quickSteps} steps)`,
      tooltip: `Train it for at most ${quickSteps} steps, with pictures often`,
      command: commandIds.quickStart,
      args: [uri],
    },
  ];
  if (newest === undefined) return lenses;
  const monitor = { offset: 0, title: 'Open monitor', tooltip: 'Look at its newest run', command: commandIds.openMonitor, args: [newest] }; // prettier-ignore
  return [...lenses, monitor];
}
