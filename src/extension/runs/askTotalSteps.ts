// Asks for the total number of steps of a run that is to continue.
import * as vscode from 'vscode';
import { askText, type back, type PromptStep } from '../prompts';
import { countText } from './describe';

interface Question extends PromptStep {
  readonly prompt: string;
  readonly value: number;
  /** Steps that are done already: the answer is greater. */
  readonly done: number;
}

/** Undefined if the user cancels. */
export async function askTotalSteps({ value, done, ...question }: Question): Promise<number | typeof back | undefined> {
  const entered = await askText({
    ...question,
    value: String(value),
    problemOf: (text) =>
      /^\d{1,9}$/.test(text) && Number(text) > done
        ? undefined
        : vscode.l10n.t('Enter a whole number greater than {0}.', countText(done)),
  });
  return typeof entered === 'string' ? Number(entered) : entered;
}
