// Forking a run: the user selects a checkpoint, changes settings one by one, and starts the fork.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { askTotalSteps } from './askTotalSteps';
import type { Problem } from '../../experiment/problem';
import { askItem, askText, back } from '../prompts';
import { readManifestAsync, runPaths } from '../../run/directory';
import type { Fork, Launcher } from '../launch/launcherInterface';
import { userError } from '../userErrors';
import { countText } from './describe';
import { assignmentsOf, type Changes, createForkCheck, type ForkSetting, forkSettings } from './forkSettings';

/** Asks for the checkpoint and the changes, and starts the fork. Undefined if the user cancels. */
export async function askFork(launcher: Pick<Launcher, 'fork'>, parent: string): Promise<string | undefined> {
  const { experiment } = await readManifestAsync(parent);
  const { steps = 0 } = experiment as { readonly steps?: number };
  const checkpoints = await checkpointSteps(parent);
  const settings = createSettings(experiment, runPaths(parent).experiment);
  let step: number | undefined;
  let fork: Fork | typeof back | undefined;
  do {
    step = await askCheckpoint(checkpoints, step);
    if (step === undefined) return undefined;
    fork = await askSettings(settings, step, steps > step ? steps : 2 * step);
  } while (fork === back);
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

async function askCheckpoint(steps: readonly number[], chosen: number | undefined): Promise<number | undefined> {
  const items = steps.map((step, i) => ({
    label: vscode.l10n.t('Step {0}', countText(step)),
    description: i === 0 ? vscode.l10n.t('latest') : undefined,
    step,
  }));
  const answer = await askItem(items, {
    ...{ title: vscode.l10n.t('Fork Run: Checkpoint'), step: 1, totalSteps: 2 },
    placeHolder: vscode.l10n.t('Select a checkpoint to start from'),
    active: items.find(({ step }) => step === chosen),
  });
  return answer === back ? undefined : answer?.step;
}

interface Item extends vscode.QuickPickItem {
  readonly choice?: 'start' | 'steps' | ForkSetting;
}

/** The settings, and what the user has changed so far, which a step back keeps. */
interface Settings {
  readonly all: readonly ForkSetting[];
  readonly check: (changes: Changes) => Problem | undefined;
  readonly changes: Map<string, string>;
  /** The total number of steps that was entered. */
  steps?: number;
}

const createSettings = (experiment: unknown, file: string): Settings => ({
  all: forkSettings(experiment),
  check: createForkCheck(experiment, file),
  changes: new Map(),
});

/** The place of the second question, and of those about a single setting. */
const second = { step: 2, totalSteps: 2, canGoBack: true } as const;

/** Lists the settings with their values; each that is selected is asked for, until the user starts the fork. */
async function askSettings(
  settings: Settings,
  step: number,
  defaultSteps: number,
): Promise<Fork | typeof back | undefined> {
  const { all, check, changes } = settings;
  let last: Item['choice'];
  for (;;) {
    const steps = settings.steps !== undefined && settings.steps > step ? settings.steps : defaultSteps;
    const items = itemsOf(all, changes, step, steps);
    const chosen = await askItem(items, {
      ...{ title: vscode.l10n.t('Fork Run: Settings'), ...second },
      placeHolder: vscode.l10n.t('Select a setting to change it, or start the fork'),
      active: items.find(({ choice }) => last !== undefined && choice === last),
    });
    if (chosen === back) return back;
    last = chosen?.choice;
    if (last === undefined) return undefined;
    if (last === 'start') return { step, steps, assignments: assignmentsOf(changes) };
    if (last === 'steps') {
      const title = vscode.l10n.t('Fork Run: {0}', 'steps');
      const prompt = totalText(step);
      const entered = await askTotalSteps({ ...second, title, prompt, value: steps, done: step });
      if (typeof entered === 'number') settings.steps = entered;
    } else {
      const { key, value } = last;
      const entered = await askValue(last, changes, check);
      if (entered === value) changes.delete(key);
      else if (typeof entered === 'string') changes.set(key, entered);
    }
  }
}

const totalText = (done: number): string =>
  vscode.l10n.t('Total number of steps, including the {0} of the checkpoint.', countText(done));

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
    { label: 'steps', description: countText(steps), detail: totalText(step), choice: 'steps' },
    ...(number > 0 ? [heading(vscode.l10n.t('Changed')), ...changed.map(itemOf)] : []),
    heading(vscode.l10n.t('Settings')),
    ...others.map(itemOf),
  ];
}

/**
 * The new value as it is entered; the old one to undo a change. Undefined if the user cancels, which returns to the
 * list as the button does, since it would forget all changes.
 */
async function askValue(
  { key, value, text, options }: ForkSetting,
  changes: Changes,
  check: Settings['check'],
): Promise<string | typeof back | undefined> {
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
    const active = items.find(({ label }) => label === (changes.get(key) ?? value));
    const chosen = await askItem(items, { title, ...second, placeHolder: text === '' ? undefined : text, active });
    return chosen === back ? back : chosen?.label;
  }
  const current = vscode.l10n.t('Current value: {0}', value);
  return askText({
    ...{ title, ...second },
    prompt: text === '' ? current : `${text} ${current}`,
    value: changes.get(key) ?? value,
    problemOf(entered) {
      if (entered === '') return vscode.l10n.t('Enter a value, or the current one to undo the change.');
      const problem = problemOf(entered);
      if (problem === undefined) return undefined;
      const { Error: error, Warning: warning } = vscode.InputBoxValidationSeverity;
      return { message: problem.message, severity: problem.severity === 'error' ? error : warning };
    },
  });
}
