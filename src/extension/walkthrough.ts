// The steps of the walkthrough that are done: VS Code ticks a step when its context key is set, and remembers it.
import * as vscode from 'vscode';
import { doneContexts } from './ids';

/** Ticks a step: what it describes has happened. */
export function markDone(step: keyof typeof doneContexts): void {
  void vscode.commands.executeCommand('setContext', doneContexts[step], true);
}
