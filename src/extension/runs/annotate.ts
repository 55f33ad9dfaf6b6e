// Asks for the name and the tags of a run.
import * as vscode from 'vscode';
import { annotate, readAnnotations } from '../../run/annotations';
import type { Runs } from './runRegistry';

export async function askName(runs: Pick<Runs, 'find' | 'refresh'>, directory: string): Promise<void> {
  const { name } = await readAnnotations(directory);
  const experiment = runs.find(directory)?.experimentName ?? '';
  const entered = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Run'),
    prompt: vscode.l10n.t('Leave empty to use the name of the experiment.'),
    placeHolder: experiment,
    value: name,
  });
  if (entered === undefined) return;
  await annotate(directory, { name: entered.trim() === experiment ? '' : entered });
  await runs.refresh();
}

export async function askTags(runs: Pick<Runs, 'refresh'>, directory: string): Promise<void> {
  const { tags } = await readAnnotations(directory);
  const entered = await vscode.window.showInputBox({
    title: vscode.l10n.t('Edit Tags'),
    prompt: vscode.l10n.t('Tags, separated by commas'),
    value: tags.join(', '),
  });
  if (entered === undefined) return;
  await annotate(directory, { tags: entered.split(',') });
  await runs.refresh();
}
