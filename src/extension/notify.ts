// Notifications, whose text may come from files: what would act in them is shown as text.
import * as vscode from 'vscode';
import { clean } from '../shared/text';

/**
 * Text for a notification. VS Code shows `[label](command:...)` as a link that runs the command, and names of files and
 * messages about their content may hold one.
 */
export const plainText = (text: string): string => clean(text).replaceAll('](', '] (');

const shown =
  (show: (message: string, ...buttons: string[]) => Thenable<string | undefined>) =>
  (message: string, ...buttons: string[]): Thenable<string | undefined> =>
    show(plainText(message), ...buttons);

/** Each resolves to the button that the user chose. */
export const notify = {
  error: shown((message, ...buttons) => vscode.window.showErrorMessage(message, ...buttons)),
  warning: shown((message, ...buttons) => vscode.window.showWarningMessage(message, ...buttons)),
  info: shown((message, ...buttons) => vscode.window.showInformationMessage(message, ...buttons)),
};

/** Asks in a dialog and resolves to whether the user chose `yes`. `detail` may have several lines. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(plainText(question), { modal: true, detail }, yes)) === yes;
}
