// Forking a run: the user selects a checkpoint, changes settings one by one, and starts the fork.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { askTotalSteps } from './askTotalSteps';
import { readManifestAsync, runPaths } from '../../run/directory';
import type { Fork, Launcher } from '../launch/launcherInterface';
import { userError } from '../userErrors';
import { countText } from './describe';
import { assignmentsOf, type Changes, createForkCheck, type ForkSetting, forkSettings } from './forkSettings';

/** Asks for the checkpoint and the changes, and starts the fork. Undefined if the user cancels. */
export async function askFork(launcher: Pick<Launcher, 'fork'>, parent: string): Promise<string | undefined> {
  const { experiment } = await readManifestAsync(parent);
  const { steps = 0 } = experiment as { readonly steps?: number };
  const step = await askCheckpoint(await checkpointSteps(parent));
  if (step === undefined) return undefined;
  const fork = await askSettings(experiment, runPaths(parent).experiment, step, steps > step ? steps : 2 * step);
  if (fork === undefined) return undefined;
  // A run that trains removes old checkpoints, also while the user answers.
  if (!(await checkpointSteps(parent)).includes(step))
    throw userError(
      vscode.l10n.t(
        '{0} has replaced its checkpoint at step {1} by newer ones. Pause it, then fork it again.',
        path.basename(parent),
        countText(step),
      ),
    );
  return launcher.fork(parent, fork);
}

/** The steps that have a checkpoint, the newest first. Throws a UserError if there are none. */
async function checkpointSteps(parent: string): Promise<number[]> {
  const names = await readdir(runPaths(parent).checkpoints).catch((): string[] => []);
  const steps = names.flatMap((name) => {
    const [, step] = /^step-(\d{1,15})$/.exec(name) ?? [];
    return step === undefined ? [] : [Number(step)];
  });
  if (steps.length === 0)
    throw userError(vscode.l10n.t('{0} has no checkpoint yet. Fork it after its first one.', path.basename(parent)));
  return steps.sort((a, b) => b - a);
}

async function askCheckpoint(steps: readonly number[]): Promise<number | undefined> {
  const items = steps.map((step, i) => ({
    label: vscode.l10n.t('Step {0}', countText(step)),
    description: i === 0 ? vscode.l10n.t('newest') : undefined,
    step,
  }));
  const title = vscode.l10n.t('Fork Run');
  const placeHolder = vscode.l10n.t('Select a checkpoint to start from');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.step;
}

interface Item extends vscode.QuickPickItem {
  readonly choice?: 'start' | 'steps' | ForkSetting;
}

/** Lists the settings with their values; each that is selected is asked for, until the user starts the fork. */
async function askSettings(
  experiment: unknown,
  file: string,
  step: number,
  defaultSteps: number,
): Promise<Fork | undefined> {
  const settings = forkSettings(experiment);
  const check = createForkCheck(experiment, file);
  const changes = new Map<string, string>();
  let steps = defaultSteps;
  for (;;) {
    const items = itemsOf(settings, changes, step, steps);
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Fork Run: Settings'),
      placeHolder: vscode.l10n.t('Select a setting to change it, or start the fork'),
      matchOnDescription: true,
      matchOnDetail: true,
      ignoreFocusOut: true,
    });
    if (chosen?.choice === undefined) return undefined;
    if (chosen.choice === 'start') return { step, steps, assignments: assignmentsOf(changes) };
    if (chosen.choice === 'steps')
      steps =
        (await askTotalSteps({
          title: vscode.l10n.t('Fork Run'),
          prompt: vscode.l10n.t('Total number of steps'),
          value: steps,
          done: step,
        })) ?? steps;
    else {
      const { key, value } = chosen.choice;
      const entered = await askValue(chosen.choice, changes, check);
      if (entered === value) changes.delete(key);
      else if (entered !== undefined) changes.set(key, entered);
    }
  }
}

function itemsOf(settings: readonly ForkSetting[], changes: Changes, step: number, steps: number): Item[] {
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const itemOf = (setting: ForkSetting): Item => {
    const { key, value, text } = setting;
    const change = changes.get(key);
    return {
      label: key,
      description: change === undefined ? value : `${value} → ${change}`,
      detail: text,
      choice: setting,
    };
  };
  const [changed, others] = [true, false].map((is) => settings.filter(({ key }) => changes.has(key) === is));
  const number = changes.size;
  return [
    {
      label: `$(play) ${vscode.l10n.t('Start Fork')}`,
      description:
        number === 1
          ? vscode.l10n.t('from step {0} to {1}, 1 change', countText(step), countText(steps))
          : vscode.l10n.t('from step {0} to {1}, {2} changes', countText(step), countText(steps), number),
      choice: 'start',
    },
    { label: 'steps', description: countText(steps), detail: vscode.l10n.t('Total number of steps'), choice: 'steps' },
    ...(number > 0 ? [heading(vscode.l10n.t('Changed')), ...changed.map(itemOf)] : []),
    heading(vscode.l10n.t('Settings')),
    ...others.map(itemOf),
  ];
}

/** The new value as it is entered; the old one to undo a change. Undefined if the user cancels. */
async function askValue(
  { key, value, text, options }: ForkSetting,
  changes: Changes,
  check: (changes: Changes) => { readonly severity: 'error' | 'warning'; readonly message: string } | undefined,
): Promise<string | undefined> {
  const title = vscode.l10n.t('Fork Run: {0}', key);
  const problemOf = (entered: string) => (entered === value ? undefined : check(new Map([...changes, [key, entered]])));
  if (options !== undefined) {
    const items = options.map((option) => {
      const label = String(option);
      const problem = problemOf(label);
      return {
        label,
        description: label === value ? vscode.l10n.t('current') : undefined,
        detail: problem?.message,
      };
    });
    const placeHolder = text === '' ? undefined : text;
    return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.label;
  }
  const current = vscode.l10n.t('Current value: {0}', value);
  return (
    await vscode.window.showInputBox({
      title,
      prompt: text === '' ? current : `${text} ${current}`,
      value: changes.get(key) ?? value,
      ignoreFocusOut: true,
      validateInput(entered) {
        const trimmed = entered.trim();
        if (trimmed === '') return vscode.l10n.t('Enter a value, or the current one to undo the change.');
        const problem = problemOf(trimmed);
        if (problem === undefined) return undefined;
        const { Error: error, Warning: warning } = vscode.InputBoxValidationSeverity;
        return { message: problem.message, severity: problem.severity === 'error' ? error : warning };
      },
    })
  )?.trim();
}
