// "New Sweep": creates a commented sweep file beside an experiment, which is ready to run.
import path from 'node:path';
import * as vscode from 'vscode';
import { parseExperiment, setOverride } from '../../experiment';
import { commentedJson, type Setting } from '../experiments/writeExperiment';
import { freeName } from '../freeName';
import { errors } from '../userErrors';

/** Creates the file for an experiment, and opens it. */
export async function newSweep(experiment: vscode.Uri): Promise<void> {
  if (experiment.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(experiment.path));
  const name = path.basename(experiment.fsPath);
  const text = (await vscode.workspace.openTextDocument(experiment)).getText();
  const stem = name.replace(/(\.gan)?\.jsonc?$/i, '');
  const file = await freeName(vscode.Uri.joinPath(experiment, '..'), stem, '.sweep.json');
  await vscode.workspace.fs.writeFile(file, Buffer.from(newSweepText(name, text)));
  await vscode.window.showTextDocument(file, { preview: false });
}

/**
 * The learning rate and its half, with two seeds each; seeds only if the experiment has no learning rate that both
 * networks share.
 * @param experiment the name of the file, in the folder of the sweep
 */
export function newSweepText(experiment: string, experimentText: string): string {
  const rate = parseExperiment(experimentText, experiment).experiment?.optimizer.critic.learningRate ?? 1e-4;
  const key = 'optimizer.learningRate';
  const { problems } = parseExperiment(experimentText, experiment, [setOverride(`${key}=${rate}`)]);
  const over: Setting = {
    key: 'over',
    value: { [key]: [Number((rate / 2).toPrecision(6)), rate] },
    comment: ['Settings and their values. All combinations are trained; add more settings, or more values.'],
  };
  return sweepText(experiment, problems.some(({ severity }) => severity === 'error') ? [] : [over]);
}

const sweepText = (experiment: string, over: readonly Setting[]): string =>
  commentedJson(
    [
      'A sweep trains variations of an experiment and compares their results.',
      'Select "▶ Run sweep" above to start it, or "Dry-run sweep" to list its trials.',
    ],
    [
      { key: 'experiment', value: `./${experiment}` },
      ...over,
      {
        key: 'seeds',
        value: 2,
        comment: ['Runs of each combination, with different random numbers: how much results vary by chance.'],
      },
    ],
  );
