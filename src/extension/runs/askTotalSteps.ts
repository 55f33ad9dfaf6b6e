// Asks for the total number of steps of a run that is to continue.
import * as vscode from 'vscode';
import { countText } from './describe';

interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly value: number;
  /** Steps that are done already: the answer is greater. */
  readonly done: number;
}

/** Undefined if the user cancels. */
export async function askTotalSteps({ title, prompt, value, done }: Question): Promise<number | undefined> {
  const entered = await vscode.window.showInputBox({
    ...{ title, prompt, value: String(value), ignoreFocusOut: true },
    validateInput: (text) =>
      /^\d{1,9}$/.test(text.trim()) && Number(text) > done
        ? undefined
        : vscode.l10n.t('Enter a whole number greater than {0}.', countText(done)),
  });
  return entered === undefined ? undefined : Number(entered);
}
